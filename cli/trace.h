// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `initorder trace -- COMMAND...`: runs a server and records its real init order.
#pragma once

#include "cli/exit_status.h"
#include "cli/pack_arguments.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace initorder {

struct TraceArguments {
  std::vector<std::string> command;
  std::string output;       ///< of the trace; empty: none is kept
  std::string until;        ///< a phase, or "up"
  unsigned for_seconds = 0; ///< 0: until it ends
  std::string host;         ///< empty: the program's name decides
  std::string format = "text";
  std::string fail_on; ///< empty: the exit status is the command's
  PackArguments packs;
  std::string colour = "auto";
  bool verbose = false;
};

/// The options that every trace has, however it begins.
void add_trace_options(CLI::App &command, TraceArguments &arguments);

/// Errors: unknown (a phase that no host has).
Result<void> check_until(const TraceArguments &arguments, const Packs &packs);

/// Adds the subcommand; parsing fills `arguments`. What stands after "--" is the command: main() cuts it off before.
CLI::App *add_trace(CLI::App &program, TraceArguments &arguments);

/// The exit status is that of the command, so it is a number and no ExitStatus.
int run_trace(const TraceArguments &arguments);

} // namespace initorder
