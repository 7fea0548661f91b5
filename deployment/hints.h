// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which line to change: other configurations are judged as this one was, and what they cure is told.
#pragma once

#include "deployment/deployment.h"
#include "rules/finding.h"
#include "rules/packs.h"

#include <vector>

namespace initorder::deployment {

/// Adds hints to `findings`, which are those of `checks` on this deployment.
void add_hints(const Deployment &deployment, const Packs &packs, const std::vector<Check> &checks,
               std::vector<Finding> &findings);

} // namespace initorder::deployment
