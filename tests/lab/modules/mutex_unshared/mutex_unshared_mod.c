// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * mutex_unshared: a mutex in shared memory, without PTHREAD_PROCESS_SHARED. It is
 * one lock, but who waits for it is not woken by another process.
 */
#include "../../core/lab_module.h"
#include "../../core/lock_probe.h"
#include "../../core/shm.h"

#include <pthread.h>
#include <stddef.h>

static int mod_init(void);

struct lab_module_exports exports = {
	"mutex_unshared", /* module name */
	0, /* parameters */
	mod_init, /* module init function */
	0, /* per-child init function */
	0, /* destroy function */
};

static int mod_init(void)
{
	pthread_mutex_t *lock = lab_shm_malloc(sizeof(*lock));

	if(lock == NULL || pthread_mutex_init(lock, NULL) != 0) /* lab:mutex-init */
		return -1;
	return lab_lock_probe(lock);
}
