// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * key_look: reads thread-specific keys by number, and creates none. With glibc it
 * finds the values of others; musl's table is not there yet.
 */
#include "../../core/lab_module.h"
#include "../../core/report.h"

#include <pthread.h>
#include <stddef.h>

static int mod_init(void);

struct lab_module_exports exports = {
	"key_look", /* module name */
	0, /* parameters */
	mod_init, /* module init function */
	0, /* per-child init function */
	0, /* destroy function */
};

#define KEYS 16

static int mod_init(void)
{
	int found = 0;
	pthread_key_t key;

	for(key = 0; key < KEYS; key++) {
		if(pthread_getspecific(key) != NULL) /* lab:get-specific */
			found++;
	}
	lab_report("key_look", found > 0 ? "values of others" : "none");
	return 0;
}
