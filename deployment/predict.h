// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a deployment's start-up would do, as far as its files show it. What is always so is told as such: which file is
// loaded when, and what its loading does by itself.
#pragma once

#include "deployment/deployment.h"
#include "rules/event.h"
#include "rules/packs.h"

namespace initorder::deployment {

/// The events of one start. Places are lines of the configuration; `call` is the file or the function.
/// `caveats`: what could not be followed; null: nobody asks.
EventSequence predict(const Deployment &deployment, const Packs &packs, std::vector<Caveat> *caveats = nullptr);

} // namespace initorder::deployment
