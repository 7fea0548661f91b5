// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the events of one sequence that break one check.
#pragma once

#include "rules/check.h"
#include "rules/sequence_index.h"

#include <vector>

namespace initorder {

/// One event that breaks one pattern of a check.
struct Violation {
  Position at = 0;
  const Pattern *pattern = nullptr;
  Certainty certainty = Certainty::always; ///< maybe if the event, or what the pattern needs, is maybe
  std::vector<Position> related;           ///< companions and milestones, in the pattern's order
  std::vector<Position> doubts;            ///< events that perhaps excuse it, or have had its effect before
};

/// In order of their events; an event that breaks two patterns is there twice, in the patterns' order.
std::vector<Violation> find_violations(const SequenceIndex &index, const Check &check);

} // namespace initorder
