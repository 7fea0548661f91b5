// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/signals.h"

#include <unistd.h>

namespace initorder {

Signals::Signals(const std::vector<int> &waited) {
  sigset_t all;
  sigemptyset(&all);
  for (const int signal : waited)
    sigaddset(&all, signal);
  sigprocmask(SIG_BLOCK, &all, &before_.mask);
  descriptor_ = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
  struct sigaction told{};
  told.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &told, &before_.child);
}

Signals::~Signals() {
  close(descriptor_);
  sigaction(SIGCHLD, &before_.child, nullptr);
  sigprocmask(SIG_SETMASK, &before_.mask, nullptr);
}

std::optional<signalfd_siginfo> Signals::next() {
  signalfd_siginfo out{};
  if (read(descriptor_, &out, sizeof out) != static_cast<ssize_t>(sizeof out))
    return std::nullopt;
  return out;
}

} // namespace initorder
