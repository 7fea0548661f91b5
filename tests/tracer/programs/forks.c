// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Three children one after the other, and three at once.
#include "common.h"

TRACED int traced(int x) { return x + 1; }

int main(void) {
  bounded();
  for (int i = 0; i < 3; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      say("child %d says %d", i, traced(i));
      _exit(i + 10);
    }
    say("child %d: %s", i, ending(wait_for(child, 0)));
  }
  pid_t children[3];
  for (int i = 0; i < 3; ++i)
    if ((children[i] = fork()) == 0)
      exit(traced(i));
  for (int i = 0; i < 3; ++i)
    say("of three, %d: %s", i, ending(wait_for(children[i], 0)));
  return 0;
}
