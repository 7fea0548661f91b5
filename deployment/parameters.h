// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Module parameters, seen from the loaded modules: what they are, and what is wrong with them.
#pragma once

#include "deployment/deployment.h"
#include "rules/event.h"

#include <optional>
#include <string>
#include <vector>

namespace initorder::deployment {

/// What a module's parameter is set to.
struct ParameterValue {
  const InstalledModule *module;    ///< of the deployment
  std::string name;
  std::optional<std::string> value; ///< none: the server may not get to the statement
};

/// All that the configuration sets, in its order: of several for the same parameter the last counts.
std::vector<ParameterValue> parameter_values(const Deployment &deployment);

/// Parameters for modules that are not loaded, and database URLs without a driver.
void add_parameter_events(const Deployment &deployment, std::vector<Event> &out);

} // namespace initorder::deployment
