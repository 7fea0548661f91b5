// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Signals to us, as something that is waited for beside other things.
#pragma once

#include "tracer/process/launch.h"

#include <csignal>
#include <optional>
#include <vector>

#include <sys/signalfd.h>

namespace initorder {

class Signals {
public:
  /// Blocks these and waits for them. A SIGCHLD that we were started to ignore would not say that a thread has stopped: while
  /// this lives, we do not.
  explicit Signals(const std::vector<int> &waited);
  ~Signals();
  Signals(const Signals &) = delete;

  const InheritedSignals &before() const { return before_; }
  /// Readable when next() has one.
  int descriptor() const { return descriptor_; }
  std::optional<signalfd_siginfo> next();

private:
  InheritedSignals before_;
  int descriptor_ = -1;
};

} // namespace initorder
