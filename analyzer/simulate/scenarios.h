// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which start-ups to simulate: one for each combination of what the order depends on.
#pragma once

#include "analyzer/link/program.h"
#include "rules/event.h"
#include "rules/packs.h"
#include "rules/result.h"

#include <string>
#include <vector>

namespace initorder {

/// What the user fixes, checked, with each library's version as its pack names it (3.1.4 is "3.0", which stands for
/// all from 3.0 to the next). Errors: unknown (a name that no pack knows), malformed (a value).
Result<Scenario> checked_settings(const Packs &packs, const HostPack &host, Scenario fixed);

/// The versions of a library that the scenarios have, by index.
std::vector<unsigned> versions_wanted(const LibraryPack &library, const Scenario &fixed);

/// Every combination of the values of the variables that this tree has, with those of `fixed` fixed. What the tree
/// does not have makes no difference, and is not in them.
/// Where one start is meant, a module's place is as it is there ("as-loaded"), or first. `configured`: null: none is.
std::vector<Scenario> scenarios_of(const Program &program, const Packs &packs, const Scenario &fixed,
                                   const Configured *configured);

} // namespace initorder
