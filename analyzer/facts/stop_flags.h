// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a process that serves for good is told to stop: while (1) { if (*shutdown) break; ... }
#pragma once

#include "analyzer/facts/facts.h"

namespace initorder {

/// Marks the edges that leave a loop because of a flag in memory that the function does not set, and the function if it
/// returns in no other way.
void find_stop_flags(FunctionFacts &function);

} // namespace initorder
