// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// exec() from a second thread while others run through traced(), several times over.
#include "common.h"

TRACED int traced(int x) { return x + 1; }

static atomic_int running;
static char **program;
static int left;

static void *spin(void *unused) {
  (void)unused;
  atomic_fetch_add(&running, 1);
  for (int i = 0;; ++i)
    traced(i);
}

static void *execute(void *unused) {
  (void)unused;
  while (atomic_load(&running) < 3)
    sched_yield();
  char text[16];
  snprintf(text, sizeof text, "%d", left - 1);
  char *arguments[] = {program[0], text, NULL};
  execv(program[0], arguments);
  _exit(97);
}

int main(int count, char **arguments) {
  bounded();
  program = arguments;
  left = count > 1 ? atoi(arguments[1]) : 5;
  say("%d to go, %s", left, getpid() == gettid() ? "first thread" : "other thread");
  if (left == 0)
    return traced(0);
  pthread_t thread;
  for (int i = 0; i < 3; ++i)
    MUST(pthread_create(&thread, NULL, spin, NULL) == 0);
  MUST(pthread_create(&thread, NULL, execute, NULL) == 0);
  if (left % 2)
    pthread_exit(NULL);
  pause();
}
