// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `initorder attach PID`: inspects a running server, then records what it does from now on, and lets it go.
#pragma once

#include "cli/trace.h"

namespace initorder {

struct AttachArguments {
  std::string pid;
  std::string via = "auto";
  TraceArguments trace; ///< without a command
};

/// Adds the subcommand; parsing fills `arguments`.
CLI::App *add_attach(CLI::App &program, AttachArguments &arguments);

ExitStatus run_attach(const AttachArguments &arguments);

} // namespace initorder
