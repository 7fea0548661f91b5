// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * conn_post: opens its connection for LAB_PROC_POSTCHILDINIT, in the main process
 * after every fork. Harmless.
 */
#include "../../core/db.h"
#include "../../core/lab_module.h"
#include "../../core/report.h"

#include <stddef.h>

static int mod_init(void);
static int child_init(int rank);

struct lab_module_exports exports = {
	"conn_post", /* module name */
	0, /* parameters */
	mod_init, /* module init function */
	child_init, /* per-child init function */
	0, /* destroy function */
};

static lab_db_func_t dbf;
static lab_db_con_t *db = NULL;

static int mod_init(void)
{
	return lab_db_bind("db_loop", &dbf);
}

static int child_init(int rank)
{
	if(rank == LAB_PROC_POSTCHILDINIT)
		db = dbf.init("loop://lab"); /* lab:db-init */
	if(db != NULL)
		lab_report("connection", "%lu", dbf.identity(db));
	return 0;
}
