// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "pt.h"
#include "globals.h"
#include "lab_module.h"
#include "report.h"
#include "shm.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_COMMANDS 8

struct lab_process lab_processes[LAB_MAX_WORKERS];
int lab_processes_no = 0;

static char *stages = NULL; /* LAB_MAX_WORKERS * LAB_STAGE_LEN */
static char *my_stage = NULL;
static int my_fd = -1;

static struct
{
	const char *name;
	lab_command_function fn;
} commands[MAX_COMMANDS];
static int commands_no = 0;

int lab_pt_init(void)
{
	stages = lab_shm_malloc(LAB_MAX_WORKERS * LAB_STAGE_LEN);
	if(stages == NULL)
		return -1;
	memset(stages, 0, LAB_MAX_WORKERS * LAB_STAGE_LEN);
	return 0;
}

/* only the main process may hold the other workers' sockets: a worker ends
 * when its own reports end of file */
static void close_inherited_sockets(void)
{
	int i;

	for(i = 0; i < lab_processes_no; i++)
		close(lab_processes[i].fd);
}

/* One worker initialises at a time: OpenSSL's locks are no process-shared ones, and two that meet at one sleep on. What
 * the settings are about does not need them to meet. One that hangs or dies holds up the others for no longer than this. */
static void let_it_come_up(const struct lab_process *p)
{
	struct pollfd pfd = {.fd = p->fd, .events = POLLIN};

	poll(&pfd, 1, 1000);
}

static pid_t fork_worker(int rank)
{
	struct lab_process *p = &lab_processes[lab_processes_no];
	int fds[2];

	if(lab_processes_no == LAB_MAX_WORKERS
			|| socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0)
		return -1;
	p->rank = rank;
	p->fd = fds[0];
	p->stage = stages + lab_processes_no * LAB_STAGE_LEN;
	fflush(NULL);

	p->pid = fork();
	if(p->pid != 0) {
		close(fds[1]);
		if(p->pid < 0) {
			close(fds[0]);
			return -1;
		}
		lab_processes_no++;
		let_it_come_up(p);
		return p->pid;
	}

	prctl(PR_SET_PDEATHSIG, SIGKILL); /* no orphan, even of a killed server */
	lab_keys_snapshot();
	close(fds[0]);
	close_inherited_sockets();
	my_fd = fds[1];
	my_stage = p->stage;
	lab_process_no = rank;
	lab_is_main = 0;
	lab_stage("init_child");
	return lab_init_child(rank) < 0 ? -1 : 0;
}

/* two functions, so that a tracer can tell one phase from the other */
__attribute__((noinline)) pid_t lab_fork_process(int rank)
{
	return fork_worker(rank);
}

__attribute__((noinline, noipa)) pid_t lab_fork_tcp_process(int rank)
{
	return fork_worker(rank);
}

void lab_stage(const char *what)
{
	if(my_stage != NULL)
		snprintf(my_stage, LAB_STAGE_LEN, "%s", what);
}

int lab_register_command(const char *name, lab_command_function fn)
{
	if(commands_no == MAX_COMMANDS)
		return -1;
	commands[commands_no].name = name;
	commands[commands_no].fn = fn;
	commands_no++;
	return 0;
}

static void run_command(const char *name)
{
	int i;

	for(i = 0; i < commands_no; i++) {
		if(strcmp(commands[i].name, name) == 0) {
			commands[i].fn();
			return;
		}
	}
	lab_report(name, "not known");
}

void lab_worker_loop(void)
{
	char command[64];
	ssize_t n;

	lab_report_inherited_keys();
	lab_report("up", "yes");
	lab_report_send(my_fd);
	lab_stage("waiting");

	/* the main process sends one command and waits for its answer */
	while((n = read(my_fd, command, sizeof(command) - 1)) > 0) {
		command[n] = '\0';
		run_command(command);
		lab_report_send(my_fd);
	}
	_exit(0);
}
