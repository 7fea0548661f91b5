// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Runs a function in a thread that ends with it, so that what a library
 * keeps for the calling thread does not stay behind in the main thread.
 * Needed in the main process only, and only in mode LAB_TLS_THREADS_MTEMP.
 *
 * Each file that includes this gets its own static copy.
 */
#ifndef LAB_RTHREADS_H
#define LAB_RTHREADS_H

#include "globals.h"

#include <pthread.h>
#include <stddef.h>

/* void *fn(void *arg) */
typedef void *(*_thread_proto)(void *);

static inline void *run_threadP(_thread_proto fn, void *arg)
{
	pthread_t tid;
	void *ret = NULL;

	if(lab_tls_threads_mode == LAB_TLS_THREADS_MNONE
			|| lab_tls_threads_mode == LAB_TLS_THREADS_MFORK
			|| (lab_tls_threads_mode == LAB_TLS_THREADS_MTEMP
					&& lab_process_no > 0)) {
		return fn(arg);
	}

	if(pthread_create(&tid, NULL, fn, arg) != 0)
		return NULL;
	pthread_join(tid, &ret);
	return ret;
}

/* int fn(void *arg1, int arg2); without a thread run_threadPI returns -1 */
typedef int (*_thread_protoPI)(void *, int);
struct _thread_argsPI
{
	_thread_protoPI fn;
	void *arg1;
	int arg2;
	int ret;
};

static inline void *run_thread_wrapPI(void *p)
{
	struct _thread_argsPI *args = p;

	args->ret = args->fn(args->arg1, args->arg2);
	return NULL;
}

static inline int run_threadPI(_thread_protoPI fn, void *arg1, int arg2)
{
	struct _thread_argsPI args = {fn, arg1, arg2, -1};
	pthread_t tid;

	if(lab_tls_threads_mode == LAB_TLS_THREADS_MNONE
			|| lab_tls_threads_mode == LAB_TLS_THREADS_MFORK
			|| (lab_tls_threads_mode == LAB_TLS_THREADS_MTEMP
					&& lab_process_no > 0)) {
		return fn(arg1, arg2);
	}

	if(pthread_create(&tid, NULL, run_thread_wrapPI, &args) != 0)
		return -1;
	pthread_join(tid, NULL);
	return args.ret;
}

#endif
