// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Asks to be traced, and to trace. Only one tracer is possible: here the answers differ with and without one.
#include "common.h"
#include <sys/ptrace.h>

int main(void) {
  bounded();
  FILE *status = fopen("/proc/self/status", "r");
  int tracer = 0;
  for (char line[256]; fgets(line, sizeof line, status);)
    sscanf(line, "TracerPid: %d", &tracer);
  say("traced %d, by its parent %d", tracer != 0, tracer == getppid());
  pid_t child = fork();
  if (child == 0) {
    say("PTRACE_TRACEME: %s", ptrace(PTRACE_TRACEME, 0, 0, 0) == 0 ? "yes" : strerror(errno));
    _exit(0);
  }
  wait_for(child, __WALL);
  child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  say("PTRACE_SEIZE: %s", ptrace(PTRACE_SEIZE, child, 0, 0) == 0 ? "yes" : strerror(errno));
  kill(child, SIGKILL);
  wait_for(child, __WALL);
  return 0;
}
