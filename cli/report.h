// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `initorder report FILE...`: the verdict of traces, again.
#pragma once

#include "cli/exit_status.h"
#include "cli/pack_arguments.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace initorder {

struct ReportArguments {
  std::vector<std::string> files;
  std::string format = "text"; ///< text, json, sarif
  std::string output;          ///< empty: standard output
  std::vector<std::string> rules;
  std::string host; ///< empty: the trace says
  std::string fail_on = "warning";
  PackArguments packs;
  std::string colour = "auto";
  bool all_paths = false;
};

/// Adds the subcommand; parsing fills `arguments`.
CLI::App *add_report(CLI::App &program, ReportArguments &arguments);

ExitStatus run_report(const ReportArguments &arguments);

} // namespace initorder
