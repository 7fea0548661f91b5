// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * ssl_early: calls OpenSSL while it is being loaded. Loaded before tls, it
 * leaves OpenSSL with the private allocator, and tls cannot start.
 */
#include "../../core/lab_module.h"

#include <openssl/rand.h>

static unsigned char seed[16];

struct lab_module_exports exports = {
	"ssl_early", /* module name */
	0,           /* parameters */
	0,           /* module init function */
	0,           /* per-child init function */
	0,           /* destroy function */
};

int mod_register(void)
{
	return RAND_bytes(seed, sizeof(seed)) == 1 ? 0 : -1; /* lab:rand-bytes */
}
