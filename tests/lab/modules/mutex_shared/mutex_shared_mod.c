// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * mutex_shared: a mutex in shared memory that is made for several processes.
 * Harmless.
 */
#include "../../core/lab_module.h"
#include "../../core/lock_probe.h"
#include "../../core/shm.h"

#include <pthread.h>
#include <stddef.h>

static int mod_init(void);

struct lab_module_exports exports = {
	"mutex_shared", /* module name */
	0, /* parameters */
	mod_init, /* module init function */
	0, /* per-child init function */
	0, /* destroy function */
};

static int mod_init(void)
{
	pthread_mutex_t *lock = lab_shm_malloc(sizeof(*lock));
	pthread_mutexattr_t attr;

	if(lock == NULL || pthread_mutexattr_init(&attr) != 0)
		return -1;
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	if(pthread_mutex_init(lock, &attr) != 0) /* lab:mutex-init */
		return -1;
	return lab_lock_probe(lock);
}
