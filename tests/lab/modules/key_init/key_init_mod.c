// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * key_init: creates a thread-specific key in mod_init. In mode 2 it keeps
 * its value only if its mod_init runs after that of tls.
 */
#include "../../core/lab_module.h"
#include "../../core/report.h"

#include <pthread.h>

static int mod_init(void);
static int child_init(int rank);

static pthread_key_t key;
static int value;

struct lab_module_exports exports = {
	"key_init", /* module name */
	0,          /* parameters */
	mod_init,   /* module init function */
	child_init, /* per-child init function */
	0,          /* destroy function */
};

static int mod_init(void)
{
	if(pthread_key_create(&key, NULL) != 0) /* lab:key-create */
		return -1;
	return pthread_setspecific(key, &value) == 0 ? 0 : -1; /* lab:set-specific */
}

static int child_init(int rank)
{
	if(rank > 0)
		lab_report("key_init", "%s",
				pthread_getspecific(key) == &value ? "kept" : "lost");
	return 0;
}
