// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * key_param: creates a thread-specific key in a parameter function, which
 * runs while the module is being loaded if the parameter is set at all.
 */
#include "../../core/lab_module.h"
#include "../../core/report.h"

#include <pthread.h>
#include <stdlib.h>

static int set_value(const char *text);
static int child_init(int rank);

static pthread_key_t key;
static int value = 0;

static const lab_param_export_t params[] = {
	{"value", LAB_PARAM_INT | LAB_PARAM_USE_FUNC, (void *)set_value},
	{0, 0, 0},
};

struct lab_module_exports exports = {
	"key_param", /* module name */
	params,      /* parameters */
	0,           /* module init function */
	child_init,  /* per-child init function */
	0,           /* destroy function */
};

static int set_value(const char *text)
{
	value = atoi(text);
	if(pthread_key_create(&key, NULL) != 0) /* lab:key-create */
		return -1;
	return pthread_setspecific(key, &value) == 0 ? 0 : -1; /* lab:set-specific */
}

static int child_init(int rank)
{
	if(rank > 0 && value != 0)
		lab_report("key_param", "%s",
				pthread_getspecific(key) == &value ? "kept" : "lost");
	return 0;
}
