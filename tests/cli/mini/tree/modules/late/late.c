// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../../mini.h"

static int child_init(int rank);
struct mini_exports exports = {"late", 0, child_init};
static int child_init(int rank) { return rank + mini_rand(); }
