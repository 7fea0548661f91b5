// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "supervisor.h"
#include "lab_module.h"
#include "pt.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int report_hung(const struct lab_process *p)
{
	printf("{\"process\": \"%d\", \"hung\": \"%s\"}\n", p->rank, p->stage);
	lab_log("core", "worker %d hung in %s", p->rank, p->stage);
	return LAB_EXIT_HUNG;
}

static int report_died(struct lab_process *p)
{
	int status = 0;

	kill(p->pid, SIGKILL); /* in case it only closed its socket */
	waitpid(p->pid, &status, 0);
	p->pid = -1;
	printf("{\"process\": \"%d\", \"died\": \"%s\"}\n", p->rank, p->stage);
	if(WIFSIGNALED(status))
		lab_log("core", "worker %d died in %s: signal %d", p->rank, p->stage,
				WTERMSIG(status));
	else
		lab_log("core", "worker %d ended in %s: status %d", p->rank, p->stage,
				WEXITSTATUS(status));
	return LAB_EXIT_DIED;
}

/* prints the worker's next line; gives up at 'deadline' (of now_ms) */
static int forward_line(struct lab_process *p, long long deadline)
{
	struct pollfd pfd = {.fd = p->fd, .events = POLLIN};
	char c = '\0';

	while(c != '\n') {
		long long left = deadline - now_ms();
		if(poll(&pfd, 1, left > 0 ? (int)left : 0) <= 0)
			return report_hung(p);
		if(read(p->fd, &c, 1) != 1)
			return report_died(p);
		putchar(c);
	}
	return LAB_EXIT_UP;
}

int lab_wait_until_up(int seconds)
{
	long long deadline = now_ms() + seconds * 1000LL;
	int worst = LAB_EXIT_UP;
	int i;

	for(i = 0; i < lab_processes_no; i++) {
		int outcome = forward_line(&lab_processes[i], deadline);
		if(outcome > worst)
			worst = outcome;
	}
	return worst;
}

int lab_ask(int rank, const char *command, int seconds)
{
	int i;

	for(i = 0; i < lab_processes_no; i++) {
		struct lab_process *p = &lab_processes[i];
		ssize_t len = (ssize_t)strlen(command);
		int outcome;
		if(rank != 0 && p->rank != rank)
			continue;
		if(send(p->fd, command, (size_t)len, MSG_NOSIGNAL) != len)
			return report_died(p);
		outcome = forward_line(p, now_ms() + seconds * 1000LL);
		if(outcome != LAB_EXIT_UP)
			return outcome;
	}
	return LAB_EXIT_UP;
}

void lab_end_workers(void)
{
	int i;

	for(i = 0; i < lab_processes_no; i++) {
		struct lab_process *p = &lab_processes[i];
		close(p->fd);
		if(p->pid <= 0)
			continue;
		kill(p->pid, SIGKILL); /* a worker has nothing to put in order */
		waitpid(p->pid, NULL, 0);
	}
}
