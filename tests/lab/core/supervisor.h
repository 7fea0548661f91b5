// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The main process watches its workers come up.
 */
#ifndef LAB_SUPERVISOR_H
#define LAB_SUPERVISOR_H

/* exit statuses of labd */
#define LAB_EXIT_UP 0        /* all workers came up */
#define LAB_EXIT_START 1     /* the start-up failed before the fork */
#define LAB_EXIT_USAGE 2
#define LAB_EXIT_DIED 3      /* a worker ended before it was up */
#define LAB_EXIT_HUNG 4      /* a worker was not up at the deadline */

/* Reads one line of each worker and prints it. Waits at most until
 * 'seconds' from now, for all of them together. */
int lab_wait_until_up(int seconds);

/* Asks the worker with this rank, or each one (rank 0), in turn, and prints
 * the answers. */
int lab_ask(int rank, const char *command, int seconds);

/* ends all workers, also those that hang */
void lab_end_workers(void);

#endif
