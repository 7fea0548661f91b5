// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * rand_worker: draws random bytes only in a worker. Harmless in every mode.
 */
#include "../../core/lab_module.h"

#include <openssl/rand.h>

static int child_init(int rank);

static unsigned char secret[16];

struct lab_module_exports exports = {
	"rand_worker", /* module name */
	0,             /* parameters */
	0,             /* module init function */
	child_init,    /* per-child init function */
	0,             /* destroy function */
};

static int child_init(int rank)
{
	if(rank <= 0)
		return 0; /* the main process */
	return RAND_bytes(secret, sizeof(secret)) == 1 ? 0 : -1; /* lab:rand-bytes */
}
