// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * What a process says about itself: one line of JSON, all values strings.
 * Workers send theirs to the main process, which prints it.
 */
#ifndef LAB_REPORT_H
#define LAB_REPORT_H

/* one more field of this process's next line; names and values are not
 * escaped, so they must hold no quote and no backslash */
void lab_report(const char *name, const char *format, ...)
		__attribute__((format(printf, 2, 3)));

/* ends the line and writes it to fd */
void lab_report_send(int fd);

/* in a worker, right after fork: which thread-specific keys already have a
 * value. This is what the worker inherits. */
void lab_keys_snapshot(void);

/* the inherited value of key k, or NULL */
#define LAB_KEYS_WATCHED 32
void *lab_inherited_key(unsigned k);

/* reports the inherited keys, and which of them lie in shared memory */
void lab_report_inherited_keys(void);

#endif
