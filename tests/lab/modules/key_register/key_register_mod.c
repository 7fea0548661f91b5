// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * key_register: creates a thread-specific key while it is being loaded, so
 * before tls has fixed which keys are OpenSSL's. In mode 2 its workers lose
 * the value.
 */
#include "../../core/lab_module.h"
#include "../../core/report.h"

#include <pthread.h>

static int child_init(int rank);

static pthread_key_t key;
static int value;

struct lab_module_exports exports = {
	"key_register", /* module name */
	0,              /* parameters */
	0,              /* module init function */
	child_init,     /* per-child init function */
	0,              /* destroy function */
};

int mod_register(void)
{
	if(pthread_key_create(&key, NULL) != 0) /* lab:key-create */
		return -1;
	return pthread_setspecific(key, &value) == 0 ? 0 : -1; /* lab:set-specific */
}

static int child_init(int rank)
{
	if(rank > 0)
		lab_report("key_register", "%s",
				pthread_getspecific(key) == &value ? "kept" : "lost");
	return 0;
}
