// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One deployment out of all scenarios: what holds there, and what would cure it.
#pragma once

#include "rules/finding.h"

#include <string>
#include <vector>

namespace initorder {

/// Keeps the findings that hold, or may hold, in the scenario. `changes` are NAME=VALUE=TEXT: where a finding does not hold
/// with the variable changed, the text becomes its hint.
void keep_deployed(std::vector<Finding> &findings, const Scenario &deployed, const std::vector<std::string> &changes);

} // namespace initorder
