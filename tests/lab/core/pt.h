// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The process table: who the workers are and how far each has come.
 */
#ifndef LAB_PT_H
#define LAB_PT_H

#include <sys/types.h>

#define LAB_MAX_WORKERS 16
#define LAB_STAGE_LEN 64

struct lab_process
{
	pid_t pid;
	int rank;
	int fd;      /* main's end of the socket to the worker */
	char *stage; /* in shared memory; written by the worker */
};

extern struct lab_process lab_processes[LAB_MAX_WORKERS];
extern int lab_processes_no;

/* needs shared memory; 0 or -1 */
int lab_pt_init(void);

/* Forks a worker. Returns its pid in the main process. In the worker it runs
 * init_child(rank) and returns 0. -1: no fork, or init_child failed. */
pid_t lab_fork_process(int rank);

/* the same, for the worker that is forked after LAB_PROC_MAIN */
pid_t lab_fork_tcp_process(int rank);

/* in a worker: what it is about to do, for the case that it never returns */
void lab_stage(const char *what);

/* a question that the main process may ask a worker once all are up */
typedef void (*lab_command_function)(void);
int lab_register_command(const char *name, lab_command_function fn);

/* in a worker: says "up", answers questions until the main process closes
 * the socket, and exits */
void lab_worker_loop(void) __attribute__((noreturn));

#endif
