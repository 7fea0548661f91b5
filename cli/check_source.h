// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `initorder check --source`: one deployment, judged from the server's source.
#pragma once

#include "cli/check.h"
#include "deployment/deployment.h"

namespace initorder {

/// Becomes initorder-scan, told what is loaded, in which order, with which settings. Returns only if that fails.
ExitStatus scan_deployment(const CheckArguments &arguments, const deployment::Deployment &deployment, const Packs &packs);

} // namespace initorder
