// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/engine.h"

#include "rules/merge.h"
#include "rules/scenario_cover.h"
#include "rules/violations.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace initorder {

namespace {

void sort_findings(std::vector<Finding> &findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding &a, const Finding &b) {
    return std::tie(a.site.file, a.site.line, a.site.column, a.rule, a.call) <
           std::tie(b.site.file, b.site.line, b.site.column, b.rule, b.call);
  });
}

} // namespace

std::vector<Finding> judge(const std::vector<EventSequence> &sequences, const std::vector<Check> &checks,
                           const HostPack &host) {
  // Each sequence is prepared once and answers all checks.
  std::vector<SequenceIndex> indices;
  std::vector<Scenario> scenarios;
  for (const EventSequence &sequence : sequences) {
    indices.emplace_back(sequence, host);
    scenarios.push_back(sequence.scenario);
  }

  EventKeys keys;
  std::vector<Finding> findings;
  // Many findings hold in the same scenarios, and what these have in common is dear to find.
  std::map<std::vector<bool>, std::vector<Scenario>> covers;
  for (const Check &check : checks) {
    Merge merge(check, sequences.size(), keys);
    for (std::size_t i = 0; i < indices.size(); ++i)
      for (const Violation &violation : find_violations(indices[i], check))
        merge.add(i, indices[i].events(), violation);
    for (auto &[finding, holds] : merge.findings()) {
      const auto [known, is_new] = covers.try_emplace(holds);
      if (is_new)
        known->second = cover(scenarios, holds);
      finding.scenarios = known->second;
      findings.push_back(std::move(finding));
    }
  }
  sort_findings(findings);
  return findings;
}

} // namespace initorder
