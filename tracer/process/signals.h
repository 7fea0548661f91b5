// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Signals to the tracer itself, waited for in step with the stops of the traced.
#pragma once

#include "tracer/process/launch.h"
#include "tracer/process/trace_command.h"

#include <chrono>
#include <csignal>
#include <optional>

namespace initorder {

class Signals {
public:
  /// Blocks what is waited for, and, with a time, lets it end the trace. A SIGCHLD that we were started to ignore would
  /// not say that a thread has stopped: while this lives, we do not.
  explicit Signals(std::optional<std::chrono::seconds> time);
  ~Signals();
  Signals(const Signals &) = delete;

  const InheritedSignals &before() const { return before_; }
  /// Returns when a traced thread may have stopped. A value: the trace is to end, and why.
  std::optional<TraceEnd::Why> wait();

private:
  InheritedSignals before_;
  sigset_t waited_{};
};

} // namespace initorder
