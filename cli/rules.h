// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `initorder rules [ID]`: lists the rules, or explains one. `initorder rules --check PACK`: what is wrong with a pack.
#pragma once

#include "cli/exit_status.h"
#include "cli/pack_arguments.h"

#include <CLI/CLI.hpp>

#include <string>

namespace initorder {

struct RulesArguments {
  std::string id; ///< empty: list them all
  std::vector<std::string> check; ///< packs, and folders of packs, to look through
  std::string colour = "auto";
  PackArguments packs;
};

/// Adds the subcommand; parsing fills `arguments`.
CLI::App *add_rules(CLI::App &program, RulesArguments &arguments);

ExitStatus run_rules(const RulesArguments &arguments);

} // namespace initorder
