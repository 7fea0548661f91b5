// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lock_probe.h"
#include "pt.h"
#include "report.h"

#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define BOUND_SECONDS 1 /* a waiter that nobody wakes gives up */

static pthread_mutex_t *probed = NULL;
static pthread_t waiter;
static pid_t waiter_tid = 0;
static sem_t started;
static int got_it = 0;

static void hold(void)
{
	lab_report("hold", pthread_mutex_lock(probed) == 0 ? "done" : "failed");
}

static void release(void)
{
	lab_report("release", pthread_mutex_unlock(probed) == 0 ? "done" : "failed");
}

static void try(void)
{
	lab_report("try", pthread_mutex_trylock(probed) == 0 ? "got it" : "busy");
}

static void *ask_for_it(void *arg)
{
	struct timespec until;

	(void)arg;
	waiter_tid = gettid();
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += BOUND_SECONDS;
	sem_post(&started);
	got_it = pthread_mutex_clocklock(probed, CLOCK_MONOTONIC, &until) == 0;
	return NULL;
}

/* 'S' once the thread sleeps: its semaphore is posted, so on the mutex */
static char state_of(pid_t tid)
{
	char path[64];
	char state = '?';
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)tid);
	stat = fopen(path, "r");
	if(stat == NULL)
		return state;
	if(fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	fclose(stat);
	return state;
}

static void wait_for_it(void)
{
	sem_init(&started, 0, 0);
	if(pthread_create(&waiter, NULL, ask_for_it, NULL) != 0)
		return;
	while(sem_wait(&started) < 0)
		; /* interrupted */
	while(state_of(waiter_tid) != 'S' && state_of(waiter_tid) != '?')
		sched_yield();
	lab_report("wait", "done");
}

static void woken(void)
{
	pthread_join(waiter, NULL);
	lab_report("woken", got_it ? "woken" : "slept on");
}

int lab_lock_probe(pthread_mutex_t *mutex)
{
	probed = mutex;
	if(lab_register_command("hold", hold) < 0
			|| lab_register_command("release", release) < 0
			|| lab_register_command("try", try) < 0
			|| lab_register_command("wait", wait_for_it) < 0)
		return -1;
	return lab_register_command("woken", woken);
}
