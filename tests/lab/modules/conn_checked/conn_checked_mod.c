// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * conn_checked: opens a connection in mod_init only to check a table's
 * version, closes it again, and opens one for each worker later. Harmless.
 */
#include "../../core/db.h"
#include "../../core/lab_module.h"
#include "../../core/report.h"

#include <stddef.h>

static int mod_init(void);
static int child_init(int rank);

static lab_db_func_t dbf;
static lab_db_con_t *db = NULL;

struct lab_module_exports exports = {
	"conn_checked", /* module name */
	0,              /* parameters */
	mod_init,       /* module init function */
	child_init,     /* per-child init function */
	0,              /* destroy function */
};

static int mod_init(void)
{
	int version;

	if(lab_db_bind("db_loop", &dbf) < 0)
		return -1;
	db = dbf.init("loop://lab"); /* lab:db-init */
	if(db == NULL)
		return -1;
	version = dbf.table_version(db, "users");
	dbf.close(db);
	db = NULL;
	return version == 1 ? 0 : -1;
}

static int child_init(int rank)
{
	if(rank <= 0)
		return 0; /* the main process */
	db = dbf.init("loop://lab"); /* lab:db-init-worker */
	if(db == NULL)
		return -1;
	lab_report("connection", "%lu", dbf.identity(db));
	return 0;
}
