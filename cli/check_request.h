// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What `initorder check` is asked about, read: the same whether it is judged from installed files or from source.
#pragma once

#include "cli/check.h"
#include "deployment/deployment.h"

namespace initorder {

/// Errors: unknown (whose configuration it is), gone, malformed, and those of read_deployment().
Result<deployment::Deployment> deployment_of(const CheckArguments &arguments, const Packs &packs);

} // namespace initorder
