// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The command line, in the place of a configuration file.
 */
#ifndef LAB_OPTIONS_H
#define LAB_OPTIONS_H

#define LAB_MAX_LOADS 32
#define LAB_MAX_ASKS 8

struct lab_options
{
	int workers;
	int deadline; /* seconds until a worker that is not up counts as hung */
	const char *module_dir; /* NULL: 'modules' beside the executable */
	const char *loads[LAB_MAX_LOADS]; /* in load order */
	int loads_no;
	const char *asks[LAB_MAX_ASKS]; /* "RANK:COMMAND"; rank 0: each worker */
	int asks_no;
	int hold; /* before the end, until standard input ends */
	int daemonize; /* go on in a child, once the modules are loaded */
};

/* Fills o, and the global settings of globals.h. -1: said why on stderr. */
int lab_parse_options(int argc, char **argv, struct lab_options *o);

#endif
