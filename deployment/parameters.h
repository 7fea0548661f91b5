// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is wrong with module parameters, seen from the loaded modules.
#pragma once

#include "deployment/deployment.h"
#include "rules/event.h"

#include <vector>

namespace initorder::deployment {

/// Parameters for modules that are not loaded, and database URLs without a driver.
void add_parameter_events(const Deployment &deployment, std::vector<Event> &out);

} // namespace initorder::deployment
