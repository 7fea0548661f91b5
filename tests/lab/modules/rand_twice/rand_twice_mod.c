// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * rand_twice: draws random bytes through a wrapper that is wrong in itself. In mode
 * 1 it runs its function in a temporary thread, forgets to return, and runs it
 * once more on the main thread.
 */
#include "../../core/globals.h"
#include "../../core/lab_module.h"

#include <openssl/rand.h>
#include <pthread.h>
#include <stddef.h>

static int mod_init(void);

struct lab_module_exports exports = {
	"rand_twice", /* module name */
	0, /* parameters */
	mod_init, /* module init function */
	0, /* per-child init function */
	0, /* destroy function */
};

static int in_thread(void *(*fn)(void *), void *arg)
{
	pthread_t tid;

	if(lab_tls_threads_mode == LAB_TLS_THREADS_MTEMP) {
		if(pthread_create(&tid, NULL, fn, arg) != 0)
			return -1;
		pthread_join(tid, NULL);
	}
	fn(arg);
	return 0;
}

static void *draw(void *seed)
{
	RAND_bytes(seed, 16); /* lab:rand-bytes */
	return NULL;
}

static int mod_init(void)
{
	static unsigned char seed[16];

	return in_thread(draw, seed);
}
