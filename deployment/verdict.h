// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "deployment/deployment.h"
#include "rules/finding.h"
#include "rules/packs.h"

#include <vector>

namespace initorder::deployment {

/// What is wrong with a deployment. What rests on machine code, which does not say on which conditions it is run, is told
/// as a maybe; what rests on the configuration and on what files need, as certain.
/// `caveats`: what could not be followed in it; null: nobody asks.
std::vector<Finding> verdict_of(const Deployment &deployment, const Packs &packs, const std::vector<Check> &checks,
                                std::vector<Caveat> *caveats = nullptr);

} // namespace initorder::deployment
