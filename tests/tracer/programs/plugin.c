// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What loads.c loads.
#include "common.h"

static int made;
__attribute__((constructor)) static void begins(void) {
  made = 40;
  __asm__ volatile("" ::: "memory");
}
TRACED int traced_in_plugin(int x) { return made + x; }
