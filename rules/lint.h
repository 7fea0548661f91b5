// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the author of a pack wants to be told: every mistake, and what can be read but hardly means what it says.
#pragma once

#include "rules/packs.h"

#include <filesystem>
#include <string>
#include <vector>

namespace initorder {

struct Remark {
  Severity severity = Severity::warning; ///< error: the pack cannot be used
  std::string where;                     ///< "file:line:column", "file:line" or "file"
  std::string what;
};

/// Looks at `files` in the company of `others`; a pack takes the place of the one with the same name. By file and line.
std::vector<Remark> lint(const Packs &others, const std::vector<std::filesystem::path> &files);

} // namespace initorder
