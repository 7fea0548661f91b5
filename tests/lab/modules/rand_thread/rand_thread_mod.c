// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * rand_thread: the same as rand, but through run_threadP(). In mode 1 the
 * thread ends before the fork and takes OpenSSL's state with it.
 */
#include "../../core/lab_module.h"
#include "../../core/rthreads.h"

#include <openssl/rand.h>
#include <openssl/sha.h>

static int mod_init(void);

static unsigned char secret[SHA_DIGEST_LENGTH];

struct lab_module_exports exports = {
	"rand_thread", /* module name */
	0,             /* parameters */
	mod_init,      /* module init function */
	0,             /* per-child init function */
	0,             /* destroy function */
};

static void *make_secret(void *out)
{
	unsigned char seed[16];

	if(RAND_bytes(seed, sizeof(seed)) != 1) /* lab:rand-bytes */
		return NULL;
	return SHA1(seed, sizeof(seed), out); /* lab:sha1 */
}

static int mod_init(void)
{
	return run_threadP(make_secret, secret) != NULL ? 0 : -1;
}
