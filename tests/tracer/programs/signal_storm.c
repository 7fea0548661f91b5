// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Signals at a high rate while the threads run through traced functions: queued ones with their values, timers, SIGCHLD.
#include "common.h"

enum { kQueued = 1000, kTicks = 100, kChildren = 50 };

TRACED int traced(int x) { return x + 1; }
__asm__(".globl traced_stepped\n.type traced_stepped,@function\n"
        "traced_stepped: lock incl counted(%rip)\n ret\n.size traced_stepped, .-traced_stepped\n"
        ".data\n.balign 4\n.globl counted\ncounted: .long 0\n.text\n");
extern void traced_stepped(void);
extern _Atomic int counted;

static volatile pid_t sender;
static volatile int queued, in_order = 1, from_sender, ticks, ended;
static volatile long sum;

static void on_queued(int signal, siginfo_t *info, void *context) {
  (void)signal, (void)context;
  in_order &= info->si_value.sival_int == queued;
  from_sender += info->si_pid == sender && info->si_code == SI_QUEUE && info->si_uid == getuid();
  sum += info->si_value.sival_int;
  ++queued;
}
static void on_tick(int signal, siginfo_t *info, void *context) {
  (void)signal, (void)context;
  ticks += info->si_code == SI_KERNEL;
}
static void on_child(int signal) {
  (void)signal;
  const int saved = errno;
  for (int status; waitpid(-1, &status, WNOHANG) > 0;)
    ++ended;
  errno = saved;
}

static void handle(int signal, void (*handler)(int, siginfo_t *, void *)) {
  const struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigaction(signal, &action, NULL);
}

int main(void) {
  const struct rlimit bound = {30, 30};
  setrlimit(RLIMIT_CPU, &bound); // its alarm is in use
  handle(SIGRTMIN + 1, on_queued);
  handle(SIGALRM, on_tick);
  const struct sigaction child_action = {.sa_handler = on_child, .sa_flags = SA_RESTART};
  sigaction(SIGCHLD, &child_action, NULL);
  int go[2];
  MUST(pipe(go) == 0);
  const pid_t parent = getpid();
  sender = fork();
  if (sender == 0) {
    char c;
    MUST(read(go[0], &c, 1) == 1);
    for (int i = 0; i < kQueued; ++i)
      while (sigqueue(parent, SIGRTMIN + 1, (union sigval){.sival_int = i}) != 0)
        sched_yield();
    _exit(0);
  }
  MUST(write(go[1], "", 1) == 1);
  const struct itimerval often = {{0, 1000}, {0, 1000}};
  setitimer(ITIMER_REAL, &often, NULL);
  int forked = 0, calls = 0;
  while (queued < kQueued || ticks < kTicks || ended < kChildren + 1) {
    traced(calls);
    traced_stepped();
    ++calls;
    if (forked < kChildren && calls % 4 == 0) {
      const pid_t child = fork();
      if (child == 0)
        _exit(0);
      forked += child > 0;
    }
  }
  const struct itimerval never = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &never, NULL);
  say("queued %d, sum %ld, in order %d, from the sender %d", queued, sum, in_order, from_sender);
  say("children %d, calls counted %d", ended, counted == calls);
  return 0;
}
