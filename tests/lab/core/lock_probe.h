// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * Commands that show whether a mutex is one lock for all workers:
 *
 *   hold, release   lock and unlock it
 *   try             reports "got it" or "busy"
 *   wait            starts a thread that asks for it, and answers once the
 *                   thread sleeps
 *   woken           reports whether the thread got the lock, or slept on
 */
#ifndef LAB_LOCK_PROBE_H
#define LAB_LOCK_PROBE_H

#include <pthread.h>

/* before the fork; 0 or -1 */
int lab_lock_probe(pthread_mutex_t *mutex);

#endif
