// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which functions an entry point of the host pack stands for.
#pragma once

#include "analyzer/link/program.h"

#include <optional>
#include <string>
#include <vector>

namespace initorder {

/// One function that a phase calls in a module (or in the core).
struct Entry {
  FunctionIndex function;
  std::string how; ///< "mod_init() is module_exports.init_mod_f of tls"
  bool perhaps = false; ///< a table's row whose flag is not known
  std::string row;      ///< what a table calls it; empty: nothing
};

/// In the order of the source. For Kind::core_symbol `unit` is 0. Kind::link has no functions.
std::vector<Entry> entries_of(const Program &program, const EntryPoint &entry, unsigned unit);

/// The call in the core that opens the phase for these arguments, as the first step of a path.
std::optional<PathStep> opening_step(const Program &program, const Phase &phase, const EntryPoint &entry);

} // namespace initorder
