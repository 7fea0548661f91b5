// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analyzer/facts/facts.h"

#include <functional>

namespace initorder {

/// Takes out of a function what cannot change an event: calls that are not `interesting` and whose result
/// nothing reads, assignments to locals that nothing reads, branches that lead to the same place. What
/// is left has the same events in the same order under the same conditions.
void slim(FunctionFacts &function, const std::function<bool(const CallFact &)> &interesting);

} // namespace initorder
