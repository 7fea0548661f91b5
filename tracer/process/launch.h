// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Starts a command so that not one of its instructions runs untraced.
#pragma once

#include "rules/result.h"

#include <csignal>
#include <string>
#include <vector>

#include <sys/types.h>

namespace initorder {

struct Launched {
  pid_t pid = 0;
  int status = 0; ///< its first stop: exec(), unless a signal came before it
};

/// What a new process inherits of its starter's signals.
struct InheritedSignals {
  sigset_t mask{};
  struct sigaction child{}; ///< of SIGCHLD
};

/// The new process has been seized before it called exec(). It gets `signals`.
/// Errors: gone (no such command), denied (not executable, or tracing is not permitted), unsupported (32-bit).
Result<Launched> launch(const std::vector<std::string> &command, const InheritedSignals &signals);

} // namespace initorder
