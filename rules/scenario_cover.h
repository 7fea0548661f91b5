// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the scenarios in which something holds have in common.
#pragma once

#include "rules/finding.h"

#include <vector>

namespace initorder {

/// The answer for each of `all`, without the variables that make no difference. Empty when the answer is
/// everywhere the same. Both are of one length; of two scenarios that are equal the stronger answer counts.
std::vector<ScenarioAnswer> cover(const std::vector<Scenario> &all, const std::vector<Answer> &answers);

} // namespace initorder
