# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
mkdir tree/modules/store
cat >tree/modules/store/store.c <<'END'
#include "../../mini.h"
struct mini_parameter { const char *name; int type; void *variable; };
int store_mode = 1;
static char *store_seed;
struct mini_parameter parameters[] = {{"mode", 2, &store_mode}, {"seed", 1, &store_seed}, {0, 0, 0}};
static int mod_init(void) {
  if (store_mode == 1)
    mini_rand();
  if (store_seed)
    mini_rand();
  return 0;
}
struct mini_exports exports = {"store", mod_init, 0};
END
# finds COUNT LINE...: with these lines in the configuration.
finds() {
  count=$1
  shift
  printf '%s\n' 'loadmodule "store"' "$@" >mini.cfg
  run check mini.cfg --source tree --rule rand-before-fork
  grep -q "^$count finding" logs/out || wrong "expected $count findings"
  if grep -q '^  if ' logs/out; then wrong "expected no conditions"; fi
}
# What the configuration does not set is as the source has it; what it sets decides.
finds 1
finds 0 'modparam("store", "mode", 0)'
finds 2 'modparam("sto.*", "seed", "7")'
finds 1 'modparam("store", "mode", 0)' 'modparam("store", "mode", 1)'
# Of two names of one variable the last statement counts.
sed 's/{"seed", 1/{"old_mode", 2, \&store_mode}, {"seed", 1/' tree/modules/store/store.c >tree/modules/store/two.c
mv tree/modules/store/two.c tree/modules/store/store.c
finds 1 'modparam("store", "old_mode", 0)' 'modparam("store", "mode", 1)'
finds 0 'modparam("store", "mode", 1)' 'modparam("store", "old_mode", 0)'
# A function in a header of the module writes it as well as one in a file.
echo 'extern int store_mode; static inline void reset(void) { store_mode = 2; }' >tree/modules/store/reset.h
cp tree/modules/store/store.c store.c
{ echo '#include "reset.h"'; sed 's/static int mod_init(void) {/static int mod_init(void) {\n  reset();/' store.c; } >tree/modules/store/store.c
echo 'loadmodule "store"' >mini.cfg
shows "only if store_mode == 1" check mini.cfg --source tree
mv store.c tree/modules/store/store.c
# Who else writes the variable is asked too, in whichever file of the module.
echo 'extern int store_mode; void change(int mode) { store_mode = mode; }' >tree/modules/store/change.c
echo 'loadmodule "store"' >mini.cfg
shows "only if store_mode == 1" check mini.cfg --source tree
# A scan knows no configuration.
shows "only if store_mode == 1" scan tree
