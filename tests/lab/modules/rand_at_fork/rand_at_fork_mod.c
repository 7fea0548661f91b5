// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * rand_at_fork: draws random bytes in an at-fork handler that runs in the parent
 * before each fork, as a library may that stirs its generator. Prepare handlers
 * run in the reverse order of their registration: if tls has registered its own
 * later, OpenSSL's state is cleared first and then made again.
 */
#include "../../core/lab_module.h"

#include <openssl/rand.h>
#include <pthread.h>

static int mod_init(void);

struct lab_module_exports exports = {
	"rand_at_fork", /* module name */
	0, /* parameters */
	mod_init, /* module init function */
	0, /* per-child init function */
	0, /* destroy function */
};

static void before_fork(void)
{
	unsigned char seed[16];

	RAND_bytes(seed, sizeof(seed)); /* lab:rand-bytes */
}

static int mod_init(void)
{
	return pthread_atfork(before_fork, NULL, NULL) == 0 ? 0 : -1; /* lab:atfork */
}
