// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * tls: takes over OpenSSL's allocator and shields the workers from what
 * OpenSSL keeps for the main thread.
 *
 * Mode 2 (LAB_TLS_THREADS_MFORK) is Kamailio's: create all of OpenSSL's
 * thread-specific keys in mod_init, take the highest key that has a value for
 * the highest of OpenSSL's, and clear every key up to it after each fork. Any
 * other library's key that was created before is cleared as well. With
 * clear_by_owner, OpenSSL is asked to clear its state before each fork instead.
 */
#include "../../core/globals.h"
#include "../../core/lab_module.h"
#include "../../core/shm.h"
#include "../../core/tls_hooks.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <pthread.h>

#define KEYS_SEEN 32    /* where the highest key in use is looked for */
#define KEYS_BLINDLY 16 /* parameter clear_blindly: clears 0..15 */

static int clear_blindly = 0;
static int tls_key_mark = 0; /* the first key that is not cleared */

static int mod_init(void);
static int tls_pre_init(void);
static int tls_init(void);

static const lab_param_export_t params[] = {
	{"clear_blindly", LAB_PARAM_INT, &clear_blindly},
	{0, 0, 0},
};

struct lab_module_exports exports = {
	"tls",    /* module name */
	params,   /* parameters */
	mod_init, /* module init function */
	0,        /* per-child init function */
	0,        /* destroy function */
};

static void *tls_shm_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return lab_shm_malloc(size);
}

static void *tls_shm_realloc(
		void *ptr, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return lab_shm_realloc(ptr, size);
}

static void tls_shm_free(void *ptr, const char *file, int line)
{
	(void)file;
	(void)line;
	lab_shm_free(ptr);
}

/* before any other call of OpenSSL: it refuses once it has allocated */
int mod_register(void)
{
	static const lab_tls_hooks_t hooks = {tls_pre_init, tls_init};

	if(lab_shm_init() < 0) {
		lab_log("tls", "no shared memory");
		return -1;
	}
	if(lab_shared_allocator
			&& !CRYPTO_set_mem_functions(
					tls_shm_malloc, tls_shm_realloc, tls_shm_free)) {
		lab_log("tls", "unable to set the memory allocation functions");
		return -1;
	}
	return register_tls_hooks(&hooks);
}

/* calls nothing of OpenSSL, as Kamailio's since OpenSSL 1.1.0 */
static int tls_pre_init(void)
{
	return 0;
}

static void fork_child(void)
{
	int k;

	for(k = 0; k < tls_key_mark; k++) {
		if(pthread_getspecific(k) != NULL)
			pthread_setspecific(k, NULL); /* lab:clear-keys */
	}
}

/* as tls does since it no longer takes keys by number */
static void fork_prepare(void)
{
	OPENSSL_thread_stop(); /* lab:thread-stop */
}

static int mod_init(void)
{
	unsigned char buf[32];
	int k;

	if(lab_tls_threads_mode != LAB_TLS_THREADS_MFORK)
		return 0;
	if(lab_clear_by_owner)
		return pthread_atfork(fork_prepare, NULL, NULL) == 0 ? 0 : -1; /* lab:atfork */
	if(pthread_atfork(NULL, NULL, fork_child) != 0) /* lab:atfork */
		return -1;

	/* all of OpenSSL's keys exist from here */
	ERR_clear_error();                    /* lab:tls-clear-error */
	if(RAND_bytes(buf, sizeof(buf)) != 1) /* lab:tls-rand-bytes */
		return -1;
	for(k = 0; k < KEYS_SEEN; k++) {
		if(pthread_getspecific(k) != NULL)
			tls_key_mark = k + 1;
	}
	if(clear_blindly)
		tls_key_mark = KEYS_BLINDLY;
	return 0;
}

static int tls_init(void)
{
	return 0;
}
