// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is known of a module's own words while its entry points run: tables that calls have filled, variables that the
// configuration sets.
#pragma once

#include "deployment/code_walk.h"
#include "deployment/deployment.h"
#include "rules/event.h"

#include <map>

namespace initorder::deployment {

/// Its fields, words and nulls. Walks through all that the host may run of the module, which has an object; `facts`:
/// what holds in each process.
CodeFacts own_facts_of(const Deployment &deployment, const InstalledModule &module,
                       const std::map<ProcessRole, CodeFacts> &facts);

} // namespace initorder::deployment
