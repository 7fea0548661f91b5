// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One deployment out of all scenarios: what holds there, and what would cure it.
#pragma once

#include "analyzer/configured.h"
#include "rules/caveat.h"
#include "rules/finding.h"

#include <set>
#include <string>
#include <vector>

namespace initorder {

/// A variable of the scenarios with another value than the deployment gives it.
struct Change {
  std::string variable, value;
  std::string text; ///< which line of the configuration makes it so
};

/// A deployment that is judged from source.
struct Deployed {
  Configured configured;
  Scenario scenario;             ///< its variables, as far as they are known
  std::set<std::string> unknown; ///< variables that it sets to what cannot be told; the others are as the tree has them
  std::vector<Change> changes;   ///< that may be cures
  std::vector<Finding> findings; ///< what the configuration shows by itself
  std::vector<Caveat> caveats;
  std::string subject;           ///< what is judged, for the last line of the report
};

/// Keeps the findings that hold, or may hold, in the scenario. Where one does not hold after a change, the change's text
/// becomes its hint.
void keep_deployed(std::vector<Finding> &findings, const Scenario &deployed, const std::vector<Change> &changes);

} // namespace initorder
