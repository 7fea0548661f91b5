// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `initorder inspect PID…|--name NAME|CORE…`: what a live server, or a crashed one, holds.
#pragma once

#include "cli/exit_status.h"
#include "cli/pack_arguments.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace initorder {

struct InspectArguments {
  std::vector<std::string> targets; ///< pids and core files
  std::string name;
  std::string format = "text"; ///< text, json, sarif, prometheus
  std::string output;          ///< empty: standard output
  std::vector<std::string> rules;
  std::string fail_on = "warning";
  PackArguments packs;
  std::string colour = "auto";
  bool all = false;
  bool stop = false;
};

/// Adds the subcommand; parsing fills `arguments`.
CLI::App *add_inspect(CLI::App &program, InspectArguments &arguments);

ExitStatus run_inspect(const InspectArguments &arguments);

} // namespace initorder
