// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `initorder check --source`: one deployment, judged from the server's source. Part of initorder-scan.
#pragma once

#include "cli/check.h"

namespace initorder {

ExitStatus run_check_source(CheckArguments arguments);

} // namespace initorder
