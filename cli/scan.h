// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `initorder scan [PATH]`: hazards in a source tree.
#pragma once

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
  // What `initorder check --source` asks for; see cli/deployed.h.
  std::vector<std::string> load_order;
  std::vector<std::string> deployed; ///< NAME=VALUE
  std::vector<std::string> hints;    ///< NAME=VALUE=TEXT
  std::string subject;
  PackArguments packs;
  std::string colour = "auto"; ///< auto, always, never
  unsigned jobs = 0;           ///< 0: one per processor
  bool all_paths = false;
  bool quiet = false;
};

/// Adds the subcommand; parsing fills `arguments`.
CLI::App *add_scan(CLI::App &program, ScanArguments &arguments);

ExitStatus run_scan(const ScanArguments &arguments);

} // namespace initorder
