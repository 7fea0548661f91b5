// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The server's start-up, phase by phase and module by module, as the host pack tells it.
#pragma once

#include "analyzer/link/program.h"
#include "rules/caveat.h"
#include "rules/event.h"

#include <functional>
#include <string>
#include <vector>

namespace initorder {

struct Simulation {
  EventSequence sequence;
  std::vector<Caveat> untold;
};

/// Simulates one scenario after the other and hands each to `take`, in their order. What was learned of functions
/// in one is used in the next, unless it depends on what the two differ in.
/// `configured`: if it is not null, its modules are loaded, in this order, and no others; what a scenario says of a
/// module's place then moves that one. Their loading is then an event too.
void simulate(const Program &program, const Packs &packs, const std::vector<Scenario> &scenarios,
              const Configured *configured, const std::function<void(const Simulation &)> &take);

} // namespace initorder
