// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/deployed.h"

#include "reports/describe.h"

#include <algorithm>
#include <map>
#include <optional>

namespace initorder {

namespace {

/// The table has a row for each combination of the variables that make a difference. One that the scenario does not have
/// is not known: where the rows differ, neither is the answer.
Answer answer_in(const Finding &finding, const Scenario &scenario) {
  if (finding.scenarios.empty())
    return finding.certainty == Certainty::always ? Answer::holds : Answer::cannot_tell;
  std::optional<Answer> out;
  for (const ScenarioAnswer &row : finding.scenarios)
    if (std::ranges::all_of(row.scenario, [&](const auto &variable) {
          const auto known = scenario.find(variable.first);
          return known == scenario.end() || known->second == variable.second;
        }))
      out = !out || out == row.answer ? row.answer : Answer::cannot_tell;
  return out.value_or(Answer::does_not);
}

/// A change that was tried, and what it would bring that is not there now.
struct Tried {
  Scenario scenario;
  std::string text;
  std::map<std::string, unsigned> brings; ///< rules, with the number of findings
};

std::vector<Tried> tried_on(const std::vector<Finding> &findings, const Scenario &deployed,
                            const std::vector<Change> &changes) {
  std::vector<Tried> out;
  for (const Change &change : changes) {
    Tried tried{deployed, change.text, {}};
    tried.scenario[change.variable] = change.value;
    for (const Finding &finding : findings)
      if (answer_in(finding, deployed) == Answer::does_not && answer_in(finding, tried.scenario) != Answer::does_not)
        ++tried.brings[finding.rule];
    out.push_back(std::move(tried));
  }
  return out;
}

/// What cures the finding and brings no other; if nothing does, what cures it at a price, with the price.
std::vector<std::string> cures_of(const Finding &finding, const std::vector<Tried> &changes) {
  std::vector<std::string> free, paid;
  for (const Tried &change : changes) {
    if (answer_in(finding, change.scenario) != Answer::does_not)
      continue;
    std::string price;
    for (const auto &[rule, count] : change.brings)
      price += (price.empty() ? "; but then there is " : ", ") + rule + " (" + count_of(count, "finding") + ")";
    (price.empty() ? free : paid).push_back(change.text + price);
  }
  return free.empty() ? paid : free;
}

} // namespace

void keep_deployed(std::vector<Finding> &findings, const Scenario &deployed, const std::vector<Change> &changes) {
  const std::vector<Tried> tried = tried_on(findings, deployed, changes);
  std::erase_if(findings, [&](const Finding &finding) { return answer_in(finding, deployed) == Answer::does_not; });
  for (Finding &finding : findings) {
    finding.hints = cures_of(finding, tried);
    // From here the deployment is the only scenario.
    finding.certainty = answer_in(finding, deployed) == Answer::holds ? Certainty::always : Certainty::maybe;
    finding.scenarios.clear();
  }
}

} // namespace initorder
