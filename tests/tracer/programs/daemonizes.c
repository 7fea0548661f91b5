// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Double fork: both parents end, the grandchild goes on alone.
#include "common.h"

TRACED int traced(int x) { return x + 1; }

int main(void) {
  bounded();
  int alive[2];
  MUST(pipe(alive) == 0);
  if (fork() != 0) {
    say("the first parent ends");
    return 3;
  }
  setsid();
  if (fork() != 0)
    _exit(4);
  bounded();
  close(alive[1]);
  char end;
  MUST(read(alive[0], &end, 1) == 0); // both parents are gone
  say("the daemon is on its own: %d", traced(1));
  const pid_t worker = fork();
  if (worker == 0)
    _exit(traced(20));
  say("its worker: %s", ending(wait_for(worker, 0)));
  return 5;
}
