// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Judges event sequences by checks.
#pragma once

#include "rules/check.h"
#include "rules/event.h"
#include "rules/finding.h"
#include "rules/host_pack.h"

#include <vector>

namespace initorder {

/// Every way in which the sequences (one per scenario) break the checks: one finding for each rule and
/// site, sorted by file, line, column and rule. `host` gives phases and milestones their meaning.
std::vector<Finding> judge(const std::vector<EventSequence> &sequences, const std::vector<Check> &checks,
                           const HostPack &host);

} // namespace initorder
