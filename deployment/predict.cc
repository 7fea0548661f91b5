// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/predict.h"

#include "deployment/load_events.h"
#include "deployment/parameters.h"

namespace initorder::deployment {

EventSequence predict(const Deployment &deployment, const Packs &packs) {
  EventSequence out;
  for (const auto &[name, value] : deployment.variables)
    if (!value.empty())
      out.scenario[name] = value;
  // Module after module: what the first one does when it is loaded comes before the second one is opened.
  LoadEvents loads(deployment, packs);
  for (const InstalledModule &module : deployment.modules)
    loads.add(module, out.events);
  add_parameter_events(deployment, out.events);
  return out;
}

} // namespace initorder::deployment
