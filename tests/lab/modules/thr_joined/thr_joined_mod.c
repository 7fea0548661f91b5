// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * thr_joined: does a part of its mod_init in a thread and waits for its end.
 * Harmless.
 */
#include "../../core/lab_module.h"
#include "../../core/report.h"

#include <pthread.h>

static int mod_init(void);
static int child_init(int rank);

static int table[16];
static int ready = 0;

struct lab_module_exports exports = {
	"thr_joined", /* module name */
	0,            /* parameters */
	mod_init,     /* module init function */
	child_init,   /* per-child init function */
	0,            /* destroy function */
};

static void *fill_table(void *arg)
{
	int i;

	(void)arg;
	for(i = 0; i < 16; i++)
		table[i] = i * i;
	ready = 1;
	return NULL;
}

static int mod_init(void)
{
	pthread_t tid;

	if(pthread_create(&tid, NULL, fill_table, NULL) != 0) /* lab:thread-create */
		return -1;
	return pthread_join(tid, NULL) == 0 ? 0 : -1;
}

static int child_init(int rank)
{
	if(rank > 0)
		lab_report("table", "%s", ready && table[3] == 9 ? "ready" : "empty");
	return 0;
}
