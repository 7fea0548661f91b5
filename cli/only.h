// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// --only: what stands in, or is reached through, some folders of the tree.
#pragma once

#include "rules/finding.h"
#include "rules/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace initorder {

/// Folders (or files) of the tree, relative to its root, as SourcePlace spells them.
struct Only {
  std::vector<std::string> folders; ///< empty: the whole tree
};

/// `folders` are relative to `root`, or absolute. Errors: gone (not in the tree).
Result<Only> only_in(const std::filesystem::path &root, const std::vector<std::string> &folders);

/// Whether the event stands in one of the folders, or its path passes through one.
bool touches(const Event &event, const Only &only);

/// Keeps the findings of which some event, breaking or related, touches the folders. The breaking events that
/// do come first in each, so that the path that is shown is one that was asked for.
void keep_only(std::vector<Finding> &findings, const Only &only);

} // namespace initorder
