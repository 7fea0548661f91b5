// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a process that serves for good is told to stop: while (1) { if (*shutdown) break; ... }
#pragma once

#include "analyzer/facts/facts.h"

namespace initorder {

/// Marks the edges that leave a loop because a flag in memory is set, which the function does not set, and the function
/// if it returns in no other way. A loop that only sleeps and logs meanwhile (by the names of what it calls), or that
/// goes on while something is there, is none.
void find_stop_flags(FunctionFacts &function);

} // namespace initorder
