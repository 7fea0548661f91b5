// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Why a process may not be looked at, and what to grant.
#pragma once

#include "rules/result.h"

#include <sys/types.h>

namespace initorder::inspect {

/// Errors::denied, with the reason that applies here: another user's process, Yama, a container.
Error denied(pid_t pid);

} // namespace initorder::inspect
