// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * ender_quiet: makes a process of its own, which ends at once. It ends with _exit(): harmless.
 *
 * Reports whether the shared memory has still all that was in it.
 */
#include "../../core/lab_module.h"
#include "../../core/report.h"
#include "../../core/shm.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int child_init(int rank);

struct lab_module_exports exports = {
	"ender_quiet", /* module name */
	0, /* parameters */
	0, /* module init function */
	child_init, /* per-child init function */
	0, /* destroy function */
};

static int child_init(int rank)
{
	int before = lab_shm_used();
	pid_t pid;

	if(rank != LAB_PROC_MAIN)
		return 0;
	pid = fork(); /* lab:fork */
	if(pid < 0)
		return -1;
	if(pid == 0)
		_exit(0);
	if(waitpid(pid, NULL, 0) != pid)
		return -1;
	lab_report("shared_memory", lab_shm_used() < before ? "freed" : "kept");
	return 0;
}
