// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * thr: starts a helper thread in mod_init and leaves it running. fork() does
 * not copy it: the workers wait for a helper that they do not have.
 */
#include "../../core/lab_module.h"
#include "../../core/report.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

static int mod_init(void);
static int child_init(int rank);

static pthread_t helper;
static pid_t helper_tid = 0;
static sem_t started;

struct lab_module_exports exports = {
	"thr",      /* module name */
	0,          /* parameters */
	mod_init,   /* module init function */
	child_init, /* per-child init function */
	0,          /* destroy function */
};

static void *help(void *arg)
{
	(void)arg;
	helper_tid = gettid();
	sem_post(&started);
	for(;;)
		pause(); /* for work */
	return NULL;
}

static int mod_init(void)
{
	if(sem_init(&started, 0, 0) < 0)
		return -1;
	if(pthread_create(&helper, NULL, help, NULL) != 0) /* lab:thread-create */
		return -1;
	while(sem_wait(&started) < 0)
		; /* interrupted */
	return 0;
}

static int child_init(int rank)
{
	char task[64];

	if(rank == LAB_PROC_INIT || rank == LAB_PROC_POSTCHILDINIT)
		return 0;
	snprintf(task, sizeof(task), "/proc/self/task/%d", (int)helper_tid);
	lab_report("helper", "%s", access(task, F_OK) == 0 ? "runs" : "missing");
	return 0;
}
