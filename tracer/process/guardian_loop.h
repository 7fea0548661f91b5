// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "tracer/process/code_ledger.h"
#include "tracer/process/follow.h"

namespace initorder {

/// The life of a guardian (guardian.h). Before it begins it is told a pid; after that the front has no more to
/// say than that it is gone.
[[noreturn]] void guard(const FollowOptions &options, const HostPack *host, Start &start, CodeLedger &ledger);

} // namespace initorder
