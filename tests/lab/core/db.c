// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "db.h"
#include "lab_module.h"

#include <stddef.h>

typedef int (*db_bind_function)(lab_db_func_t *dbf);

int lab_db_bind(const char *driver, lab_db_func_t *dbf)
{
	db_bind_function bind;

	bind = (db_bind_function)lab_find_export(driver, "db_bind_api");
	if(bind == NULL) {
		lab_log("core", "no database driver '%s'; is it loaded?", driver);
		return -1;
	}
	return bind(dbf);
}
