// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/engine.h"

#include "rules/merge.h"
#include "rules/scenario_cover.h"
#include "rules/violations.h"

#include <algorithm>
#include <deque>
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

struct Judge::Impl {
  const HostPack &host;
  EventKeys keys;
  std::deque<Merge> merges; ///< one for each check
  std::vector<Scenario> scenarios;
};

Judge::Judge(const std::vector<Check> &checks, const HostPack &host) : impl_(new Impl{host, {}, {}, {}}) {
  for (const Check &check : checks)
    impl_->merges.emplace_back(check, impl_->keys);
}
Judge::Judge(Judge &&) noexcept = default;
Judge::~Judge() = default;

void Judge::add(const EventSequence &sequence) {
  // A sequence is prepared once and answers all checks.
  const SequenceIndex index(sequence, impl_->host);
  for (Merge &merge : impl_->merges)
    for (const Violation &violation : find_violations(index, merge.check()))
      merge.add(impl_->scenarios.size(), sequence.events, violation);
  impl_->scenarios.push_back(sequence.scenario);
}

std::vector<Finding> Judge::findings() const {
  std::vector<Finding> findings;
  // Many findings hold in the same scenarios, and what these have in common is dear to find.
  std::map<std::vector<Answer>, std::vector<ScenarioAnswer>> covers;
  for (const Merge &merge : impl_->merges)
    for (auto &[finding, answers] : merge.findings(impl_->scenarios.size())) {
      const auto [known, is_new] = covers.try_emplace(answers);
      if (is_new)
        known->second = cover(impl_->scenarios, answers);
      finding.scenarios = known->second;
      findings.push_back(std::move(finding));
    }
  sort_findings(findings);
  return findings;
}

std::vector<Finding> judge(const std::vector<EventSequence> &sequences, const std::vector<Check> &checks,
                           const HostPack &host) {
  Judge judge(checks, host);
  for (const EventSequence &sequence : sequences)
    judge.add(sequence);
  return judge.findings();
}

} // namespace initorder
