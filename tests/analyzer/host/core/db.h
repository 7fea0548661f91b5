// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The database interface, as in Kamailio's src/lib/srdb1/db.h.
#ifndef db_h
#define db_h

typedef struct db1_con db1_con_t;
typedef struct { const char *s; int len; } str;

typedef struct db_func {
  db1_con_t *(*init)(const str *url);
  void (*close)(db1_con_t *connection);
  int (*query)(db1_con_t *connection);
} db_func_t;

int db_bind_mod(const str *url, db_func_t *functions);

#endif
