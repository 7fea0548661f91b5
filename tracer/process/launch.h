// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Starts a command so that not one of its instructions runs untraced. It is our child, with our terminal, session and
// process group, as any command that we would run; its tracer is another process.
//
//   t0 the child waits at a pipe; t1 the tracer seizes it, and says so; t2 the child is told, and calls exec()
//
// What fails after t1 is said through a second pipe, which exec() closes.
#pragma once

#include "rules/result.h"

#include <array>
#include <csignal>
#include <string>
#include <vector>

#include <sys/types.h>

namespace initorder {

/// What a new process inherits of its starter's signals.
struct InheritedSignals {
  sigset_t mask{};
  struct sigaction child{}; ///< of SIGCHLD
};

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe();
  ~Pipe();
  Pipe(const Pipe &) = delete;
  void close_end(unsigned which);
};

class Launch {
public:
  /// Errors: gone (no such command), denied (not executable), unsupported (32-bit).
  static Result<void> check(const std::vector<std::string> &command);

  /// Only `tracer` may trace it; it gets `signals`. Errors: as check(); denied (no process can be made).
  Result<pid_t> prepare(const std::vector<std::string> &command, const InheritedSignals &signals, pid_t tracer);
  void go();
  /// It has ended without having run.
  Error why_not();
  /// It is not to run.
  void give_up();
  pid_t pid() const { return pid_; }

private:
  std::string program_;
  pid_t pid_ = 0;
  Pipe wait_, say_;
};

} // namespace initorder
