// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/*
 * The database interface: a driver module fills lab_db_func_t, other modules
 * call through it and never see the driver.
 */
#ifndef LAB_DB_H
#define LAB_DB_H

typedef struct lab_db_con lab_db_con_t; /* the driver's */

typedef struct lab_db_func
{
	lab_db_con_t *(*init)(const char *url); /* NULL: no connection */
	void (*close)(lab_db_con_t *con);
	int (*table_version)(lab_db_con_t *con, const char *table); /* < 0: error */
	unsigned long (*identity)(lab_db_con_t *con); /* the same only for the same connection */
} lab_db_func_t;

/* fills dbf from the module 'driver', by its function
 * 'int db_bind_api(lab_db_func_t *dbf)'; 0 or -1 */
int lab_db_bind(const char *driver, lab_db_func_t *dbf);

#endif
