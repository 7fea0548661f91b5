// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `initorder scan [PATH]`: hazards in a source tree.
#pragma once

#include "cli/deployed.h"
#include "cli/exit_status.h"
#include "cli/pack_arguments.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace initorder {

struct ScanArguments {
  std::string path = ".";
  std::string format = "text"; ///< text, json, sarif
  std::string output;          ///< empty: standard output
  std::vector<std::string> only;
  std::vector<std::string> rules;
  std::string fail_on = "warning"; ///< note, warning, error, never
  std::string compile_database;
  std::vector<std::string> settings; ///< NAME=VALUE
  std::string host;
  PackArguments packs;
  std::string colour = "auto"; ///< auto, always, never
  unsigned jobs = 0;           ///< 0: one per processor
  bool all_paths = false;
  bool quiet = false;
};

/// Adds the subcommand; parsing fills `arguments`.
CLI::App *add_scan(CLI::App &program, ScanArguments &arguments);

/// `deployed`: the one start that is meant; null: every scenario of the tree.
ExitStatus run_scan(const ScanArguments &arguments, const Deployed *deployed = nullptr);

} // namespace initorder
