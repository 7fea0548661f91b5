// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A parent stops and continues its child's threads, which run through traced() meanwhile, and sees what wait() says.
#include "common.h"

TRACED int traced(int x) { return x + 1; }
__asm__(".globl traced_stepped\n.type traced_stepped,@function\n"
        "traced_stepped: cmpb $0, here(%rip)\n ret\n.size traced_stepped, .-traced_stepped\n"
        ".data\nhere: .byte 0\n.text\n");
extern void traced_stepped(void);

static _Atomic long *steps; // shared with the parent

static void *run(void *unused) {
  (void)unused;
  for (;;) {
    atomic_fetch_add(steps, 1);
    traced(1);
    traced_stepped();
  }
}

static void until_it_runs(void) {
  for (const long before = atomic_load(steps); atomic_load(steps) < before + 10;)
    sched_yield();
}

static int stops_seen, goes_on_seen;
static void on_child(int signal, siginfo_t *info, void *context) {
  (void)signal, (void)context;
  stops_seen += info->si_code == CLD_STOPPED;
  goes_on_seen += info->si_code == CLD_CONTINUED;
}

int main(void) {
  bounded();
  steps = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  const struct sigaction action = {.sa_sigaction = on_child, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigaction(SIGCHLD, &action, NULL);
  const pid_t child = fork();
  if (child == 0) {
    bounded();
    setpgid(0, 0);
    pthread_t thread;
    pthread_create(&thread, NULL, run, NULL);
    pthread_create(&thread, NULL, run, NULL);
    run(NULL);
  }
  setpgid(child, child);
  static const int stopping[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
  for (int i = 0; i < 40; ++i) {
    const int signal = stopping[i % 4];
    until_it_runs();
    kill(child, signal);
    const int status = wait_for(child, WUNTRACED);
    const long there = atomic_load(steps);
    for (int yields = 0; yields < 100; ++yields)
      sched_yield();
    if (i < 8)
      say("signal %d: %s, %s", signal, ending(status), atomic_load(steps) == there ? "stands still" : "runs on");
    MUST(WIFSTOPPED(status) && WSTOPSIG(status) == signal && atomic_load(steps) == there);
    if (i % 5 == 0) { // a signal while it is stopped waits
      kill(child, SIGURG);
      MUST(waitpid(child, NULL, WNOHANG | WUNTRACED) == 0);
    }
    kill(child, SIGCONT);
    const int after = wait_for(child, WCONTINUED);
    if (i < 8)
      say("SIGCONT: %s", ending(after));
    MUST(WIFCONTINUED(after));
  }
  until_it_runs();
  say("SIGCHLD: %d stops, %d goes on", stops_seen, goes_on_seen);
  kill(child, SIGSTOP);
  wait_for(child, WUNTRACED);
  kill(child, SIGKILL);
  say("killed while stopped: %s", ending(wait_for(child, 0)));
  return 0;
}
