// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// In which scenarios a finding holds, as a small table.
#pragma once

#include "reports/page.h"
#include "rules/finding.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace initorder {

/// Scenarios of one answer: every combination of these values. A variable that is not named may have any value.
struct AnswerBox {
  std::map<std::string, std::set<std::string>> values;
  Answer answer = Answer::holds;
};

/// The table as few boxes, the strongest answer first. Empty for an empty table.
std::vector<AnswerBox> boxes_of(const std::vector<ScenarioAnswer> &table);

std::string_view name_of(Answer answer); ///< "holds", "cannot-tell", "does-not"

/// A heading with the variables, and a line for each box: "0|1  any  holds". Nothing for an empty table.
void write_scenarios(const std::vector<ScenarioAnswer> &table, std::string_view label, Page &page);

} // namespace initorder
