// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `initorder check FILE`: hazards in one deployment.
#pragma once

#include "cli/exit_status.h"
#include "cli/pack_arguments.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace initorder {

struct CheckArguments {
  std::string config;
  std::vector<std::string> modules; ///< folders
  std::string program;
  std::vector<std::string> definitions; ///< NAME or NAME=VALUE
  std::string source;                   ///< a tree
  std::string host;
  std::string format = "text"; ///< text, json, sarif
  std::string output;          ///< empty: standard output
  std::vector<std::string> rules;
  std::string fail_on = "warning";
  PackArguments packs;
  std::string colour = "auto";
};

/// Adds the subcommand; parsing fills `arguments`.
CLI::App *add_check(CLI::App &program, CheckArguments &arguments);

ExitStatus run_check(const CheckArguments &arguments);

} // namespace initorder
