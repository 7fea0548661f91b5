// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ends as its argument says: a number is its status, else by a signal.
#include "common.h"

TRACED int traced(int x) { return x; }

int main(int count, char **arguments) {
  bounded();
  const struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  const char *how = count > 1 ? arguments[1] : "0";
  say("ends by %s", how);
  if (!strcmp(how, "kill"))
    raise(SIGKILL);
  if (!strcmp(how, "segv"))
    *(volatile int *)16 = 1;
  if (!strcmp(how, "abort"))
    abort();
  if (!strcmp(how, "int3"))
    __asm__ volatile("int3");
  if (!strcmp(how, "ud2"))
    __asm__ volatile("ud2");
  if (!strcmp(how, "term"))
    kill(getpid(), SIGTERM);
  if (!strcmp(how, "thread")) { // the first thread ends, another one goes on
    pthread_t other;
    void *last(void *);
    pthread_create(&other, 0, last, 0);
    pthread_exit(0);
  }
  return traced(atoi(how));
}

void *last(void *unused) {
  (void)unused;
  say("the other thread goes on");
  exit(traced(7));
}
