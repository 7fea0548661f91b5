// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analyzer/simulate/function_walk.h"

namespace initorder {

/// Whether the function fails whenever one of its calls has come back with a number below zero. Follows the
/// ways from the call on which that number, and the locals that it is copied to, decide the branches.
bool leads_only_to_errors(const FunctionFacts &facts, const TakenWays &ways, std::uint32_t block, std::uint32_t call);

} // namespace initorder
