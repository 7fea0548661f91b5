// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/signals.h"

#include <sys/time.h>

namespace initorder {

Signals::Signals(std::optional<std::chrono::seconds> time) {
  sigemptyset(&waited_);
  for (const int signal : {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM})
    sigaddset(&waited_, signal);
  sigprocmask(SIG_BLOCK, &waited_, &before_.mask);
  struct sigaction told{};
  told.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &told, &before_.child);
  if (time) {
    const itimerval once{.it_interval = {}, .it_value = {.tv_sec = static_cast<time_t>(time->count()), .tv_usec = 0}};
    setitimer(ITIMER_REAL, &once, nullptr);
  }
}

Signals::~Signals() {
  const itimerval none{};
  setitimer(ITIMER_REAL, &none, nullptr);
  sigaction(SIGCHLD, &before_.child, nullptr);
  sigprocmask(SIG_SETMASK, &before_.mask, nullptr);
}

std::optional<TraceEnd::Why> Signals::wait() {
  siginfo_t info{};
  switch (sigwaitinfo(&waited_, &info)) {
  case SIGALRM: return TraceEnd::Why::detached;
  case SIGINT:
  case SIGQUIT:
  case SIGHUP:
    // From the terminal, the server gets it too, and ends as it sees fit: that belongs to the trace.
    if (info.si_code == SI_KERNEL)
      return {};
    return TraceEnd::Why::interrupted;
  case SIGTERM: return TraceEnd::Why::interrupted;
  default: return {};
  }
}

} // namespace initorder
