// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The first record of a trace.
#pragma once

#include "rules/host_pack.h"
#include "tracer/trace/record.h"

#include <sys/types.h>

namespace initorder {

/// Whatever was started.
trace::Began began_now();

/// Of a server that runs already: `first` is its first process. `host` may be null.
trace::Began began_with(pid_t first, const HostPack *host);

} // namespace initorder
