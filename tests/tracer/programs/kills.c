// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kills children while they fork and exec: their own children are left behind in all states. Each that is alive holds the
// pipe's end, so that its end says that all are gone.
#include "common.h"

TRACED int traced(int x) { return x + 1; }

static void *forks(void *unused) {
  (void)unused;
  for (int i = 0; i < 1000; ++i)
    if (fork() == 0) {
      traced(i);
      _exit(0);
    }
  return NULL;
}

int main(void) {
  bounded();
  signal(SIGCHLD, SIG_DFL);
  int ends[2];
  MUST(pipe(ends) == 0);
  int by_kill = 0;
  for (int round = 0; round < 60; ++round) {
    int began[2];
    MUST(pipe2(began, O_CLOEXEC) == 0);
    const pid_t child = fork();
    if (child == 0) {
      signal(SIGCHLD, SIG_IGN);
      MUST(write(began[1], "", 1) == 1);
      if (round % 3 == 1) {
        pthread_t thread;
        pthread_create(&thread, NULL, forks, NULL);
      }
      if (round % 3 == 2) {
        const pid_t borrower = vfork();
        if (borrower == 0) {
          execl("/bin/true", "true", NULL);
          _exit(1);
        }
      }
      forks(NULL);
      pause();
    }
    char c;
    MUST(read(began[0], &c, 1) == 1);
    for (int i = 0; i < round * 20; ++i)
      sched_yield();
    kill(child, SIGKILL);
    const int status = wait_for(child, 0);
    by_kill += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    close(began[0]);
    close(began[1]);
  }
  say("killed %d", by_kill);
  close(ends[1]);
  char c;
  MUST(read(ends[0], &c, 1) == 0);
  say("all are gone");
  return 0;
}
