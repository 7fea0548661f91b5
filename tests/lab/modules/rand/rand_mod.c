// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * rand: draws random bytes in mod_init, on the main thread in every mode.
 * Harmful unless tls clears the main thread's keys after the fork (mode 2).
 */
#include "../../core/lab_module.h"

#include <openssl/rand.h>
#include <openssl/sha.h>

static int mod_init(void);

static unsigned char secret[SHA_DIGEST_LENGTH];

struct lab_module_exports exports = {
	"rand",   /* module name */
	0,        /* parameters */
	mod_init, /* module init function */
	0,        /* per-child init function */
	0,        /* destroy function */
};

static int make_secret(void)
{
	unsigned char seed[16];

	if(RAND_bytes(seed, sizeof(seed)) != 1) /* lab:rand-bytes */
		return -1;
	return SHA1(seed, sizeof(seed), secret) != NULL ? 0 : -1; /* lab:sha1 */
}

static int mod_init(void)
{
	return make_secret();
}
