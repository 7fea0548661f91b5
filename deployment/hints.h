// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which line to change: other configurations are judged as this one was, and what they cure is told.
#pragma once

#include "deployment/deployment.h"
#include "rules/finding.h"
#include "rules/packs.h"

#include <string>
#include <vector>

namespace initorder::deployment {

/// Adds hints to `findings`, which are those of `checks` on this deployment.
void add_hints(const Deployment &deployment, const Packs &packs, const std::vector<Check> &checks,
               std::vector<Finding> &findings);

/// "kamailio.cfg:12: move loadmodule "tls.so" before line 9 (loadmodule "crypto.so")"
std::string change_of(const config::LoadedModule &module, const config::LoadedModule &before);
/// "kamailio.cfg:4: change this to tls_threads_mode=2", or where to add it.
std::string change_of(const Deployment &deployment, const ConfigVariable &variable, const std::string &value);

} // namespace initorder::deployment
