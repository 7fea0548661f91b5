// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SIGTRAP of the program's own: raised, sent, by int3, by its trap flag.
#include "common.h"
#include <ucontext.h>

TRACED int traced(int x) { return x + 1; }

static volatile int handled, kernel, sent, steps;
static void on_trap(int signal, siginfo_t *info, void *context) {
  (void)signal;
  ++handled;
  kernel += info->si_code == SI_KERNEL;
  sent += info->si_code == SI_TKILL || info->si_code == SI_USER;
  steps += info->si_code == TRAP_TRACE;
  if (steps == 20)
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] &= ~0x100L;
}

int main(void) {
  bounded();
  const struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
  sigaction(SIGTRAP, &action, NULL);
  for (int i = 0; i < 50; ++i) {
    raise(SIGTRAP);
    traced(i);
    __asm__ volatile("int3");
    kill(getpid(), SIGTRAP);
    traced(i);
  }
  say("handled %d: by int3 %d, sent %d", handled, kernel, sent);
  __asm__ volatile("pushfq\n orq $0x100, (%%rsp)\n popfq\n"
                   "nop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\n"
                   "nop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\n" ::: "memory", "cc");
  say("single steps %d", steps);
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGTRAP, SIG_IGN);
    raise(SIGTRAP);
    kill(getpid(), SIGTRAP);
    say("ignored");
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGTRAP, SIG_DFL);
    __asm__ volatile("int3");
  }
  say("without a handler: %s", ending(wait_for(child, 0) & 0x7f));
  return 0;
}
