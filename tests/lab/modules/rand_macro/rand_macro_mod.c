// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * rand_macro: draws random bytes through a wrapper that is a macro.
 */
#include "../../core/globals.h"
#include "../../core/lab_module.h"

#include <openssl/rand.h>
#include <pthread.h>
#include <stddef.h>

static int mod_init(void);

struct lab_module_exports exports = {
	"rand_macro", /* module name */
	0, /* parameters */
	mod_init, /* module init function */
	0, /* per-child init function */
	0, /* destroy function */
};

#define IN_THREAD(fn, arg)                                      \
	do {                                                        \
		pthread_t tid_;                                         \
		if(lab_tls_threads_mode != LAB_TLS_THREADS_MTEMP        \
				|| lab_process_no > 0) {                        \
			(fn)(arg);                                          \
		} else if(pthread_create(&tid_, NULL, (fn), (arg)) == 0) { \
			pthread_join(tid_, NULL);                           \
		}                                                       \
	} while(0)

static void *draw(void *seed)
{
	RAND_bytes(seed, 16); /* lab:rand-bytes */
	return NULL;
}

static int mod_init(void)
{
	static unsigned char seed[16];

	IN_THREAD(draw, seed);
	return 0;
}
