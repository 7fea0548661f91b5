// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "options.h"
#include "globals.h"
#include "lab_module.h"
#include "pt.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *usage =
		"usage: labd [--workers N] [--deadline SECONDS] [--modules DIR]\n"
		"            [--set NAME=VALUE]... [--param MODULE:NAME=VALUE]...\n"
		"            [--load MODULE]... [--ask RANK:COMMAND]... [--hold] [--daemonize]\n"
		"settings: tls_threads_mode (0, 1, 2), shared_allocator,\n"
		"          clear_by_owner, python_early, python_gil_release, atexit (0, 1),\n"
		"          python_fork_hooks (0 to 3)\n";

static const struct
{
	const char *name;
	int *value;
	int max;
} settings[] = {
	{"tls_threads_mode", &lab_tls_threads_mode, 2},
	{"shared_allocator", &lab_shared_allocator, 1},
	{"python_early", &lab_python_early, 1},
	{"python_fork_hooks", &lab_python_fork_hooks, LAB_HOOKS_CHILD_IN_MAIN},
	{"python_gil_release", &lab_python_gil_release, 1},
	{"clear_by_owner", &lab_clear_by_owner, 1},
	{"atexit", &lab_atexit, 1},
};

static const struct option long_options[] = {
	{"workers", required_argument, NULL, 'w'},
	{"deadline", required_argument, NULL, 'd'},
	{"modules", required_argument, NULL, 'm'},
	{"set", required_argument, NULL, 's'},
	{"param", required_argument, NULL, 'p'},
	{"load", required_argument, NULL, 'l'},
	{"ask", required_argument, NULL, 'a'},
	{"hold", no_argument, NULL, 'h'},
	{"daemonize", no_argument, NULL, 'D'},
	{NULL, 0, NULL, 0},
};

/* 0 if text is a number from min to max */
static int parse_number(const char *text, int min, int max, int *value)
{
	char *end;
	long n = strtol(text, &end, 10);

	if(end == text || *end != '\0' || n < min || n > max)
		return -1;
	*value = (int)n;
	return 0;
}

static int apply_setting(const char *text)
{
	size_t i;

	for(i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		size_t len = strlen(settings[i].name);
		if(strncmp(text, settings[i].name, len) == 0 && text[len] == '=')
			return parse_number(text + len + 1, 0, settings[i].max,
					settings[i].value);
	}
	return -1;
}

static int add(const char **list, int *no, int max, const char *text)
{
	if(*no == max)
		return -1;
	list[(*no)++] = text;
	return 0;
}

static int apply_option(int opt, const char *text, struct lab_options *o)
{
	switch(opt) {
		case 'w':
			return parse_number(text, 1, LAB_MAX_WORKERS, &o->workers);
		case 'd':
			return parse_number(text, 1, 3600, &o->deadline);
		case 'm':
			o->module_dir = text;
			return 0;
		case 's':
			return apply_setting(text);
		case 'p':
			return lab_add_param(text);
		case 'l':
			return add(o->loads, &o->loads_no, LAB_MAX_LOADS, text);
		case 'a':
			if(strchr(text, ':') == NULL)
				return -1;
			return add(o->asks, &o->asks_no, LAB_MAX_ASKS, text);
		case 'h':
			o->hold = 1;
			return 0;
		case 'D':
			o->daemonize = 1;
			return 0;
		default:
			return -1;
	}
}

int lab_parse_options(int argc, char **argv, struct lab_options *o)
{
	int opt;

	memset(o, 0, sizeof(*o));
	o->workers = 2;
	o->deadline = 5;
	while((opt = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if(opt == '?' || apply_option(opt, optarg, o) < 0) {
			if(opt != '?')
				fprintf(stderr, "labd: cannot use '%s'\n", optarg);
			fputs(usage, stderr);
			return -1;
		}
	}
	if(optind != argc) {
		fprintf(stderr, "labd: '%s' is no option\n%s", argv[optind], usage);
		return -1;
	}
	return 0;
}
