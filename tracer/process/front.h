// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "tracer/process/follow.h"
#include "tracer/process/signals.h"
#include "tracer/trace/record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace initorder {

/// Takes what the guardian says, and passes on signals to it, until it ends.
class Front {
public:
  Front(pid_t guardian, int socket, Signals &signals, Start &start, trace::Sink &sink)
      : guardian_(guardian), socket_(socket), signals_(signals), start_(start), sink_(sink) {}

  void run();
  const std::optional<TraceEnd::Why> &end() const { return end_; }
  const std::optional<Error> &error() const { return error_; }
  /// The record after the last.
  trace::Record next_record() const {
    return {.number = next_, .at = latest_.at, .process = latest_.process, .thread = latest_.thread};
  }

private:
  void wait(short wanted, int milliseconds);
  void told(const signalfd_siginfo &signal);
  bool take_more();
  void take(std::string_view message);
  void record(std::string_view bytes);

  pid_t guardian_;
  int socket_;
  Signals &signals_;
  Start &start_;
  trace::Sink &sink_;
  std::string buffer_;
  std::optional<TraceEnd::Why> end_;
  std::optional<Error> error_;
  trace::Record latest_;
  std::uint64_t next_ = 0;
};

} // namespace initorder
