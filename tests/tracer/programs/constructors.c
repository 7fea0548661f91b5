// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Constructors in order, before main().
#include "common.h"

__attribute__((constructor(300))) static void third(void) { say("third"); }
__attribute__((constructor(101))) static void first(void) { say("first"); }
__attribute__((constructor(200))) static void second(void) { say("second"); }

int main(void) {
  say("main");
  return 0;
}
