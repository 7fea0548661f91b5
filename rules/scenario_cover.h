// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Says in few words in which scenarios something holds.
#pragma once

#include "rules/event.h"

#include <vector>

namespace initorder {

/// The scenarios of `all` for which `holds` (of the same length) is set, without the variables that make
/// no difference, sorted and each once. Empty when it holds in all. `holds` has at least one set.
std::vector<Scenario> cover(const std::vector<Scenario> &all, const std::vector<bool> &holds);

} // namespace initorder
