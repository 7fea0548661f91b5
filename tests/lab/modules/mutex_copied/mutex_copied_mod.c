// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * mutex_copied: a mutex that is a variable of the program, initialised before the
 * fork. Each worker locks its own copy.
 */
#include "../../core/lab_module.h"
#include "../../core/lock_probe.h"

#include <pthread.h>

static int mod_init(void);

struct lab_module_exports exports = {
	"mutex_copied", /* module name */
	0, /* parameters */
	mod_init, /* module init function */
	0, /* per-child init function */
	0, /* destroy function */
};

static pthread_mutex_t lock;

static int mod_init(void)
{
	if(pthread_mutex_init(&lock, NULL) != 0) /* lab:mutex-init */
		return -1;
	return lab_lock_probe(&lock);
}
