// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../../mini.h"

static int mod_init(void);
struct mini_exports exports = {"early", mod_init, 0};
static int mod_init(void) {
  int seed = mini_rand();
  mini_wipe();
  return seed;
}
