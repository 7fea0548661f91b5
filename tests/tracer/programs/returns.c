// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that return from depth, that return twice, and that never return.
#include "common.h"
#include <setjmp.h>
#include <ucontext.h>

static jmp_buf back;

TRACED int traced_depth(int x) {
  const int below = x == 0 ? 0 : traced_depth(x - 1);
  __asm__ volatile("" ::: "memory");
  return below + x;
}
TRACED int traced_leaves(int x) {
  if (x % 3 == 0)
    longjmp(back, x + 100);
  return x;
}
TRACED int traced_tail_target(int x) { return x * 3; }
TRACED int traced_tail(int x) {
  __asm__ volatile("" ::: "memory");
  return traced_tail_target(x + 1);
}
TRACED int traced_forks(int x) {
  const pid_t child = fork();
  if (child == 0)
    return x + 1000;
  wait_for(child, 0);
  return x;
}

static ucontext_t outside, inside;
static char stack[65536];
TRACED int traced_switches(int x) {
  swapcontext(&inside, &outside);
  return x + 5;
}
static void other_stack(void) {
  say("switched, %d", traced_switches(1));
  say("again, %d", traced_switches(2));
}

int main(void) {
  bounded();
  say("depth %d", traced_depth(10));
  for (int i = 0; i < 6; ++i) {
    const int left = setjmp(back);
    say("leaves %d", left ? left : traced_leaves(i));
  }
  say("tail %d", traced_tail(1));
  getcontext(&inside);
  inside.uc_stack.ss_sp = stack;
  inside.uc_stack.ss_size = sizeof stack;
  inside.uc_link = &outside;
  makecontext(&inside, other_stack, 0);
  for (int i = 0; i < 3; ++i) {
    swapcontext(&outside, &inside);
    say("back, %d", traced_depth(2));
  }
  const int which = traced_forks(1);
  say("%s: %d", which > 1000 ? "child" : "parent", which);
  return which > 1000 ? 1 : 0;
}
