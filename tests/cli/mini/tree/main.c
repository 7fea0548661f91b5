// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mini.h"
void mini_init_modules(void) {}
void mini_init_children(void) {}
int main(void) {
  mini_init_modules();
  mini_init_children();
  return 0;
}
