// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which packs a subcommand works with.
#pragma once

#include "rules/packs.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace initorder {

struct PackArguments {
  std::string rules_dir;          ///< --rules-dir; empty: look for it
  std::vector<std::string> extra; ///< --pack
};

void add_pack_options(CLI::App &command, PackArguments &arguments);

/// The folder with hosts/, libraries/ and checks/: --rules-dir, else $INITORDER_RULES, else beside the
/// installed program, else in the source tree it was built from. Errors: gone.
Result<std::filesystem::path> rules_folder(const std::string &rules_dir);

/// Reads the folder's packs, then each extra one.
Result<Packs> load_packs(const PackArguments &arguments);

/// The checks with these ids, in the packs' order; all of them when no id is given. Errors: unknown.
Result<std::vector<Check>> choose_checks(const std::vector<Check> &checks, const std::vector<std::string> &ids);

} // namespace initorder
