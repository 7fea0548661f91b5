// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Signal masks, as a traced function and its caller see them.
#include "common.h"

static void say_mask(const char *where) {
  sigset_t mask, pending;
  sigprocmask(SIG_BLOCK, NULL, &mask);
  sigpending(&pending);
  char text[66] = {0}, waiting[66] = {0};
  for (int i = 1; i < 65; ++i) {
    text[i - 1] = sigismember(&mask, i) == 1 ? 'x' : '.';
    waiting[i - 1] = sigismember(&pending, i) == 1 ? 'x' : '.';
  }
  say("%-16s %s\n%-16s %s", where, text, " pending", waiting);
}

TRACED int traced(int x) {
  say_mask("inside");
  return x;
}
__asm__(".globl traced_stepped\n.type traced_stepped,@function\n"
        "traced_stepped: lock incl counted(%rip)\n ret\n.size traced_stepped, .-traced_stepped\n"
        ".data\n.balign 4\ncounted: .long 0\n.text\n");
extern void traced_stepped(void);

static volatile int handled;
static void on_signal(int signal) {
  (void)signal;
  ++handled;
}

static void *all_blocked(void *unused) {
  (void)unused;
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  traced(1);
  traced_stepped();
  say_mask("all in a thread");
  return NULL;
}

int main(void) {
  bounded();
  signal(SIGUSR1, on_signal);
  signal(SIGRTMIN + 3, on_signal);
  say_mask("at first");
  sigset_t some, before;
  sigemptyset(&some);
  sigaddset(&some, SIGUSR1);
  sigaddset(&some, SIGCHLD);
  sigaddset(&some, SIGRTMIN + 3);
  sigprocmask(SIG_BLOCK, &some, &before);
  raise(SIGUSR1);
  raise(SIGRTMIN + 3);
  traced(1);
  traced_stepped();
  say_mask("some");
  say("handled %d", handled);
  sigprocmask(SIG_SETMASK, &before, NULL);
  say("handled %d", handled);
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  traced(1);
  traced_stepped();
  say_mask("all");
  sigprocmask(SIG_SETMASK, &before, NULL);
  say_mask("at last");
  pthread_t thread;
  pthread_create(&thread, NULL, all_blocked, NULL);
  pthread_join(thread, NULL);
  return 0;
}
