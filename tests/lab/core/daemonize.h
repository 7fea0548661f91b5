// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Leaves the process that was started behind.
 */
#ifndef LAB_DAEMONIZE_H
#define LAB_DAEMONIZE_H

/* 0 in the child, once its parent has ended; -1. Reports what the parent's end
 * has left of the shared memory. */
int lab_daemonize(void);

/* exit() or _exit(), as lab_atexit says */
void lab_exit(int status) __attribute__((noreturn));

#endif
