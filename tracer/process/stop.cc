// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/stop.h"

#include <csignal>

#include <sys/ptrace.h>
#include <sys/wait.h>

namespace initorder {

// No PTRACE_O_EXITKILL: the server goes on whatever happens to us.
const long kSeizeOptions = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;

static bool stops_a_group(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

static Stop decode_event(pid_t tid, int event, int signal) {
  unsigned long message = 0;
  if (event != PTRACE_EVENT_STOP && ptrace(PTRACE_GETEVENTMSG, tid, nullptr, &message) != 0)
    return Vanished{};
  const auto other = static_cast<pid_t>(message);
  switch (event) {
  case PTRACE_EVENT_FORK: return Forked{ForkKind::fork, other};
  case PTRACE_EVENT_VFORK: return Forked{ForkKind::vfork, other};
  case PTRACE_EVENT_CLONE: return Forked{ForkKind::clone, other};
  case PTRACE_EVENT_EXEC: return Executed{other};
  case PTRACE_EVENT_STOP: return stops_a_group(signal) ? Stop{GroupStopped{signal}} : Stop{Interrupted{}};
  default: return Other{};
  }
}

/// SIGTRAP is a trap of ours when the processor raised it; the program's own, sent by kill(), is a signal as any other.
static Stop decode_trap(pid_t tid) {
  siginfo_t info{};
  if (ptrace(PTRACE_GETSIGINFO, tid, nullptr, &info) != 0)
    return Vanished{};
  if (info.si_code == SI_KERNEL || info.si_code == TRAP_BRKPT || info.si_code == TRAP_TRACE)
    return Trapped{};
  return Signalled{SIGTRAP};
}

Stop decode_stop(pid_t tid, int status) {
  if (WIFEXITED(status))
    return Exited{WEXITSTATUS(status)};
  if (WIFSIGNALED(status))
    return Killed{WTERMSIG(status)};
  if (!WIFSTOPPED(status))
    return Other{};
  const int signal = WSTOPSIG(status);
  if (const int event = status >> 16)
    return decode_event(tid, event, signal);
  return signal == SIGTRAP ? decode_trap(tid) : Stop{Signalled{signal}};
}

} // namespace initorder
