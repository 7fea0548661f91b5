// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Module parameters, seen from a module's object: which of its variables they fill, and with what.
#pragma once

#include "deployment/code_walk.h"
#include "deployment/deployment.h"

namespace initorder::deployment {

/// Where the values of the module's parameters go: variables, and functions that take them. Nothing: the host's pack
/// does not describe such tables, or the object has none.
std::vector<FileAddr> parameter_targets(const Deployment &deployment, const InstalledModule &module);

/// Adds what the module's variables hold when it begins to run, those of `written` aside: what the configuration sets,
/// and of the others what the file has.
void add_parameter_facts(const Deployment &deployment, const InstalledModule &module, const WrittenWords &written,
                         CodeFacts &facts);

} // namespace initorder::deployment
