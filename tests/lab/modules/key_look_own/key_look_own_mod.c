// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * key_look_own: looks only behind the key that it has created. Harmless.
 */
#include "../../core/lab_module.h"
#include "../../core/report.h"

#include <pthread.h>
#include <stddef.h>

static int mod_init(void);

struct lab_module_exports exports = {
	"key_look_own", /* module name */
	0, /* parameters */
	mod_init, /* module init function */
	0, /* per-child init function */
	0, /* destroy function */
};

static int mod_init(void)
{
	pthread_key_t key;

	if(pthread_key_create(&key, NULL) != 0)
		return -1;
	lab_report("key_look", pthread_getspecific(key) != NULL /* lab:get-specific */
					? "values of others" : "none");
	return pthread_key_delete(key) == 0 ? 0 : -1;
}
