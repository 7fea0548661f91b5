// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * fork_first: forks a process of its own in mod_init, and registers an at-fork
 * handler afterwards. That process has gone without.
 */
#include "../../core/lab_module.h"
#include "../../core/report.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static int mod_init(void);

struct lab_module_exports exports = {
	"fork_first", /* module name */
	0, /* parameters */
	mod_init, /* module init function */
	0, /* per-child init function */
	0, /* destroy function */
};

static int told = 0; /* the at-fork handler has run in this process */

static void in_child(void)
{
	told = 1;
}

/* 1 if the handler has run in a child that is forked now */
static int own_child_is_told(void)
{
	int status = 0;
	pid_t pid = fork(); /* lab:fork */

	if(pid == 0)
		_exit(told);
	if(pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WEXITSTATUS(status);
}

static int mod_init(void)
{
	lab_report("own_child", own_child_is_told() == 1 ? "told" : "not told");
	return pthread_atfork(NULL, NULL, in_child) == 0 ? 0 : -1; /* lab:atfork */
}
