// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * ranks: tests of the rank, each with a connection of its own. The first ones hold
 * for LAB_PROC_INIT, before the fork; the others for workers alone.
 */
#include "../../core/db.h"
#include "../../core/lab_module.h"
#include "../../core/report.h"

#include <stddef.h>

static int mod_init(void);
static int child_init(int rank);

struct lab_module_exports exports = {
	"ranks", /* module name */
	0, /* parameters */
	mod_init, /* module init function */
	child_init, /* per-child init function */
	0, /* destroy function */
};

enum shape
{
	EQUAL,
	AT_MOST,
	BELOW,
	FALL_THROUGH,
	EARLY_RETURN,
	POSITIVE,
	NOT_AT_MOST,
	NOT_EQUAL,
	OTHER_CASE,
	EARLY_RETURN_OF_MAIN,
	SHAPES
};

static const char *names[SHAPES] = {"equal", "at_most", "below", "fall_through",
		"early_return", "positive", "not_at_most", "not_equal", "other_case",
		"early_return_of_main"};
static lab_db_func_t dbf;
static lab_db_con_t *opened[SHAPES];
static int seen = 0;

static int mod_init(void)
{
	return lab_db_bind("db_loop", &dbf);
}

static void by_switch(int rank)
{
	switch(rank) {
		case LAB_PROC_INIT:
			seen++;
			/* fall through */
		case -42: /* no such rank */
			opened[FALL_THROUGH] = dbf.init("loop://"); /* lab:fall-through */
			break;
		case LAB_PROC_MAIN:
		case LAB_PROC_POSTCHILDINIT:
			break;
		default:
			opened[OTHER_CASE] = dbf.init("loop://"); /* lab:other-case */
	}
}

static void by_early_return(int rank)
{
	if(rank > LAB_PROC_INIT)
		return;
	opened[EARLY_RETURN] = dbf.init("loop://"); /* lab:early-return */
}

static void by_early_return_of_main(int rank)
{
	if(rank == LAB_PROC_INIT || rank == LAB_PROC_POSTCHILDINIT)
		return;
	if(rank < 1)
		return;
	opened[EARLY_RETURN_OF_MAIN] = dbf.init("loop://"); /* lab:early-return-of-main */
}

static void before_the_fork(int rank)
{
	if(rank == LAB_PROC_INIT)
		opened[EQUAL] = dbf.init("loop://"); /* lab:equal */
	if(rank <= LAB_PROC_INIT)
		opened[AT_MOST] = dbf.init("loop://"); /* lab:at-most */
	if(rank < LAB_PROC_POSTCHILDINIT)
		opened[BELOW] = dbf.init("loop://"); /* lab:below */
}

static void in_workers(int rank)
{
	if(rank > 0)
		opened[POSITIVE] = dbf.init("loop://"); /* lab:positive */
	if(!(rank <= LAB_PROC_MAIN))
		opened[NOT_AT_MOST] = dbf.init("loop://"); /* lab:not-at-most */
	if(rank != LAB_PROC_INIT && rank != LAB_PROC_MAIN
			&& rank != LAB_PROC_POSTCHILDINIT)
		opened[NOT_EQUAL] = dbf.init("loop://"); /* lab:not-equal */
}

static int child_init(int rank)
{
	int i;

	before_the_fork(rank);
	in_workers(rank);
	by_switch(rank);
	by_early_return(rank);
	by_early_return_of_main(rank);
	for(i = 0; i < SHAPES && rank > 0; i++)
		lab_report(names[i], "%lu", dbf.identity(opened[i]));
	return 0;
}
