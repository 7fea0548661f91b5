# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
# OpenSIPS's configuration, modules and parameters are those of its pack. A text's parameter is a str's pointer.
INITORDER_RULES=$here/../../rules
mkdir -p sip/modules/store sip/db
: >sip/Makefile.defs
echo 'MAIN_NAME=opensips' >sip/Makefile.defs
cat >sip/sr_module.h <<'END'
typedef int (*preinit_function)(void);
typedef struct param_export_ { const char *name; unsigned type; void *param_pointer; } param_export_t;
struct module_exports { const char *name; const param_export_t *params; int (*init_f)(void); int (*init_child_f)(int rank); };
END
cat >sip/db/db.h <<'END'
typedef struct { char *s; int len; } str;
typedef struct db_func { void *(*init)(const str *url); void (*close)(void *connection); } db_func_t;
END
cat >sip/modules/store/store.c <<'END'
#include "../../sr_module.h"
#include "../../db/db.h"
static db_func_t dbf;
static void *kept;
static str db_url = {"mysql://", 8};
static int db_mode = 0;
static const param_export_t params[] = {{"db_mode", 2, &db_mode}, {"db_url", 1, &db_url.s}, {0, 0, 0}};
static int mod_init(void) {
  if (db_mode)
    kept = dbf.init(&db_url);
  return 0;
}
struct module_exports exports = {"store", params, mod_init, 0};
END
printf '%s\n' 'mpath="/nowhere/"' 'loadmodule "store.so"' 'modparam("store", "db_mode", 1)' >opensips.cfg
shows "'db_func_t.init' opens a connection before fork" check opensips.cfg --source sip
printf '%s\n' 'loadmodule "store.so"' 'modparam("store", "db_mode", 0)' >opensips.cfg
exits 0 check opensips.cfg --source sip
printf '%s\n' 'loadmodule "store.so"' 'modparam("store", "db_url", "postgres://x")' >opensips.cfg
shows "store is given a database URL, and db_postgres is not loaded" check opensips.cfg --source sip
