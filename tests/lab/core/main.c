// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * labd: a pre-fork server that only starts.
 *
 * It goes through the phases of Kamailio's start-up, with real libraries in
 * its modules. Then each worker reports what it has inherited, and the server
 * ends. A worker that does not come up is reported as hung or died.
 */
#include "daemonize.h"
#include "globals.h"
#include "lab_module.h"
#include "options.h"
#include "pt.h"
#include "report.h"
#include "shm.h"
#include "supervisor.h"
#include "tls_hooks.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int lab_tls_threads_mode = LAB_TLS_THREADS_MNONE;
int lab_shared_allocator = 1;
int lab_python_early = 0;
int lab_clear_by_owner = 0;
int lab_python_fork_hooks = 1;
int lab_python_gil_release = 0;
int lab_atexit = 0;
int lab_process_no = 0;
int lab_is_main = 1;

/* 'modules' beside the executable */
static const char *default_module_dir(void)
{
	static char dir[4096];
	char exe[2048];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if(n < 0)
		return "modules";
	exe[n] = '\0';
	snprintf(dir, sizeof(dir), "%s/modules", dirname(exe));
	return dir;
}

static int load_modules(const struct lab_options *o)
{
	int i;

	lab_set_module_dir(o->module_dir ? o->module_dir : default_module_dir());
	for(i = 0; i < o->loads_no; i++) {
		if(lab_load_module(o->loads[i]) < 0) {
			lab_log("core", "%s was not loaded", o->loads[i]);
			return -1;
		}
	}
	return 0;
}

/* what a fork has made: a worker does not return from here */
static int forked(pid_t pid)
{
	if(!lab_is_main) {
		if(pid < 0)
			_exit(1);
		lab_worker_loop();
	}
	return pid < 0 ? -1 : 0;
}

/* forks all workers, the last one after LAB_PROC_MAIN, as Kamailio forks its
 * TCP processes */
static int main_loop(const struct lab_options *o)
{
	int rank;

	if(lab_init_child(LAB_PROC_INIT) < 0)
		return -1;
	for(rank = 1; rank < o->workers; rank++) {
		if(forked(lab_fork_process(rank)) < 0)
			return -1;
	}
	if(lab_init_child(LAB_PROC_MAIN) < 0)
		return -1;
	if(forked(lab_fork_tcp_process(o->workers)) < 0)
		return -1;
	return lab_init_child(LAB_PROC_POSTCHILDINIT);
}

static int supervise(const struct lab_options *o)
{
	int outcome = lab_wait_until_up(o->deadline);
	int i;

	for(i = 0; i < o->asks_no && outcome == LAB_EXIT_UP; i++)
		outcome = lab_ask(atoi(o->asks[i]), strchr(o->asks[i], ':') + 1,
				o->deadline);
	return outcome;
}

/* for those who want to look at a server that stays as it is */
static void hold(void)
{
	char c;

	fflush(NULL);
	lab_log("core", "%d held", (int)getpid());
	while(read(STDIN_FILENO, &c, 1) > 0)
		;
}

int main(int argc, char **argv)
{
	struct lab_options o;
	int outcome = LAB_EXIT_START;

	if(lab_parse_options(argc, argv, &o) < 0)
		return LAB_EXIT_USAGE;

	/* dlopen and mod_register; tls takes over OpenSSL's allocator here */
	if(load_modules(&o) < 0)
		return LAB_EXIT_START;

	/* tls may have needed it earlier */
	if(lab_shm_init() < 0 || lab_pt_init() < 0) {
		lab_log("core", "no shared memory");
		return LAB_EXIT_START;
	}

	if(o.daemonize && lab_daemonize() < 0)
		return LAB_EXIT_START;

	if(lab_pre_init_tls() == 0 && lab_init_modules() == 0
			&& lab_init_tls() == 0 && main_loop(&o) == 0) {
		lab_report_send(STDOUT_FILENO);
		outcome = supervise(&o);
		if(o.hold)
			hold();
	}
	lab_end_workers();
	lab_destroy_modules();

	/* no exit handlers: OpenSSL's would free what workers may have changed */
	fflush(NULL);
	_exit(outcome);
}
