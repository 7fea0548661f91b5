// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "daemonize.h"
#include "globals.h"
#include "report.h"
#include "shm.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void lab_exit(int status)
{
	if(lab_atexit)
		exit(status); /* lab:daemon-exit */
	_exit(status);
}

/* the parent's end of the pipe is closed by the kernel, after its handlers */
static int wait_for_end(int fd)
{
	char c;

	return read(fd, &c, 1) == 0 ? 0 : -1;
}

__attribute__((noinline)) int lab_daemonize(void)
{
	int before = lab_shm_used();
	int ended[2];
	pid_t pid;

	if(pipe(ended) < 0)
		return -1;
	fflush(NULL);
	pid = fork();
	if(pid < 0)
		return -1;
	if(pid > 0)
		lab_exit(0);
	close(ended[1]);
	if(wait_for_end(ended[0]) < 0)
		return -1;
	close(ended[0]);
	lab_report("shared_memory", lab_shm_used() < before ? "freed" : "kept");
	return 0;
}
