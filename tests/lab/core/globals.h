// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * What the whole server shares: settings that are fixed before the first
 * module is loaded, and values that say in which process the code runs.
 */
#ifndef LAB_GLOBALS_H
#define LAB_GLOBALS_H

/* lab_tls_threads_mode: how the tls module shields the workers */
#define LAB_TLS_THREADS_MNONE 0 /* not at all */
#define LAB_TLS_THREADS_MTEMP 1 /* OpenSSL is touched in temporary threads */
#define LAB_TLS_THREADS_MFORK 2 /* thread-locals are cleared after fork */

/* settings: --set NAME=VALUE on the command line */
extern int lab_tls_threads_mode;
extern int lab_shared_allocator;  /* 1: OpenSSL allocates in shared memory */
extern int lab_python_early;      /* 1: py starts Python in mod_register */
extern int lab_clear_by_owner;    /* 1: mode 2 asks OpenSSL to clear its state */
extern int lab_python_fork_hooks; /* 1: py calls the PyOS_*Fork* functions */
extern int lab_python_gil_release; /* 1: py gives the GIL back in mod_init */
extern int lab_atexit;            /* 1: lab_exit() runs the exit handlers */

/* lab_python_fork_hooks, wrong on purpose */
#define LAB_HOOKS_PARENT_ALONE 2 /* PyOS_AfterFork_Parent(), nothing before */
#define LAB_HOOKS_CHILD_IN_MAIN 3 /* PyOS_AfterFork_Child() in both */

/* place: 0 and 1 in the main process, the rank and 0 in a worker */
extern int lab_process_no;
extern int lab_is_main;

#endif
