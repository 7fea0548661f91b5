// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A rule, the events that break it, and the scenarios in which they do.
#pragma once

#include "rules/check.h"
#include "rules/event.h"

#include <string>
#include <vector>

namespace initorder {

/// Whether a rule is broken in one scenario. A later one is the stronger.
enum class Answer : std::uint8_t {
  does_not,
  cannot_tell, ///< it depends on what the scenario does not fix and the source does not tell
  holds,
};

/// One row of a finding's table.
struct ScenarioAnswer {
  Scenario scenario; ///< only of variables that make a difference
  Answer answer = Answer::holds;

  friend bool operator==(const ScenarioAnswer &, const ScenarioAnswer &) = default;
};

/// One hazard site: the place of the call, with every entry point that reaches it.
struct Finding {
  std::string rule;            ///< the check's id
  Severity severity = Severity::warning;
  std::string message;         ///< the pattern's `says`, filled in
  SourcePlace site;
  std::string call;            ///< "RAND_bytes"
  /// The breaking events, one for each entry point that reaches the site, in order of start-up.
  /// Never empty; the first is the one to show when only one is shown.
  std::vector<Event> events;
  /// Events that explain the finding without standing at the site: the milestone that came too late,
  /// the allocator that was set, what perhaps makes up for it. May be empty.
  std::vector<Event> related;
  /// Scenario by scenario, whether the rule is broken, without the variables that make no difference. Empty:
  /// `certainty` tells it for every scenario.
  std::vector<ScenarioAnswer> scenarios;
  Certainty certainty = Certainty::always;
  /// Changes of the configuration that cure it, each a sentence with its place. May be empty.
  std::vector<std::string> hints;
  /// Why it is not in the program that is built here: the call is behind an #if for another version of a library than
  /// the one that is installed. Empty: it is. Such a finding is shown, and counts neither for the exit status nor in
  /// code scanning.
  std::string left_out;
};

} // namespace initorder
