// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How each file is compiled: from a compile database, or inferred from the host's pack and Makefiles.
#pragma once

#include "analyzer/facts/extract.h"
#include "analyzer/tree/source_tree.h"
#include "rules/result.h"

#include <filesystem>
#include <vector>

namespace initorder {

/// One job for each of `files` (indices into tree.files), in their order. `database` is a folder with a
/// compile_commands.json; empty: infer. A file that the database does not know is inferred too.
/// Errors: gone, malformed (the database).
Result<std::vector<ExtractJob>> compile_jobs(const SourceTree &tree, const std::filesystem::path &database,
                                             const std::vector<unsigned> &files);

} // namespace initorder
