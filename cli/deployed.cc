// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/deployed.h"

#include "reports/describe.h"

#include <algorithm>
#include <map>

namespace initorder {

namespace {

/// The table has a row for each combination of the variables that make a difference. One that the scenario does not have
/// is not known: the worst row counts.
Answer answer_in(const Finding &finding, const Scenario &scenario) {
  if (finding.scenarios.empty())
    return finding.certainty == Certainty::always ? Answer::holds : Answer::cannot_tell;
  Answer out = Answer::does_not;
  for (const ScenarioAnswer &row : finding.scenarios)
    if (std::ranges::all_of(row.scenario, [&](const auto &variable) {
          const auto known = scenario.find(variable.first);
          return known == scenario.end() || known->second == variable.second;
        }))
      out = std::max(out, row.answer);
  return out;
}

/// A change of the deployment, and what it would bring that is not there now.
struct Change {
  Scenario scenario;
  std::string text;
  std::map<std::string, unsigned> brings; ///< rules, with the number of findings
};

std::vector<Change> changes_of(const std::vector<Finding> &findings, const Scenario &deployed,
                               const std::vector<std::string> &texts) {
  std::vector<Change> out;
  for (const std::string &text : texts) {
    const std::size_t name_end = std::min(text.find('='), text.size());
    const std::size_t value_end = text.find('=', name_end + 1);
    if (value_end == text.npos)
      continue;
    Change change{deployed, text.substr(value_end + 1), {}};
    change.scenario[text.substr(0, name_end)] = text.substr(name_end + 1, value_end - name_end - 1);
    for (const Finding &finding : findings)
      if (answer_in(finding, deployed) == Answer::does_not && answer_in(finding, change.scenario) != Answer::does_not)
        ++change.brings[finding.rule];
    out.push_back(std::move(change));
  }
  return out;
}

/// What cures the finding and brings no other; if nothing does, what cures it at a price, with the price.
std::vector<std::string> cures_of(const Finding &finding, const std::vector<Change> &changes) {
  std::vector<std::string> free, paid;
  for (const Change &change : changes) {
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

void keep_deployed(std::vector<Finding> &findings, const Scenario &deployed, const std::vector<std::string> &changes) {
  const std::vector<Change> tried = changes_of(findings, deployed, changes);
  std::erase_if(findings, [&](const Finding &finding) { return answer_in(finding, deployed) == Answer::does_not; });
  for (Finding &finding : findings) {
    finding.hints = cures_of(finding, tried);
    // From here the deployment is the only scenario.
    finding.certainty = answer_in(finding, deployed) == Answer::holds ? Certainty::always : Certainty::maybe;
    finding.scenarios.clear();
  }
}

} // namespace initorder
