// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/hints.h"

#include "deployment/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace initorder::deployment {

namespace {

/// What makes a finding the same one in another configuration.
using Key = std::tuple<std::string, SourcePlace, std::string, Certainty>;

Key key_of(const Finding &finding) {
  return {finding.rule, finding.site, finding.call, finding.certainty};
}

/// What another configuration does to the findings.
struct Outcome {
  std::set<Key> left;
  std::vector<std::string> added; ///< rules of findings that were not there
};

std::string place_of(const SourcePlace &at) {
  return fmt::format("{}:{}", at.file, at.line);
}

class Hints {
public:
  Hints(const Packs &packs, const std::vector<Check> &checks, std::vector<Finding> &findings)
      : packs_(packs), checks_(checks), findings_(findings) {
    for (const Finding &finding : findings)
      before_.insert(key_of(finding));
  }

  Outcome outcome_of(const Deployment &other) const {
    Outcome out;
    for (const Finding &finding : verdict_of(other, packs_, checks_)) {
      out.left.insert(key_of(finding));
      if (!before_.contains(key_of(finding)))
        out.added.push_back(finding.rule);
    }
    return out;
  }

  std::vector<Finding *> cured_by(const Outcome &outcome) const {
    std::vector<Finding *> out;
    for (Finding &finding : findings_)
      if (!outcome.left.contains(key_of(finding)))
        out.push_back(&finding);
    return out;
  }

  void tell(const Outcome &outcome, const std::string &change) const {
    const std::vector<Finding *> cured = cured_by(outcome);
    for (Finding *finding : cured) {
      std::string text = change;
      if (cured.size() > 1)
        text += fmt::format("; it cures {} findings", cured.size());
      if (!outcome.added.empty())
        text += fmt::format("; then look at {}", fmt::join(outcome.added, ", "));
      finding->hints.push_back(std::move(text));
    }
  }

  void try_order(const Deployment &deployment, std::size_t from) const {
    Outcome outcome = outcome_of(with_order(deployment, from, 0));
    if (cured_by(outcome).empty())
      return;
    // The place that changes least and cures as much: the earlier a module is loaded, the more that cures, as a rule.
    const std::size_t most = cured_by(outcome).size();
    std::size_t to = 0, too_late = from;
    while (too_late - to > 1) {
      const std::size_t middle = to + (too_late - to) / 2;
      Outcome there = outcome_of(with_order(deployment, from, middle));
      const bool is_enough = cured_by(there).size() >= most;
      (is_enough ? to : too_late) = middle;
      if (is_enough)
        outcome = std::move(there);
    }
    tell(outcome, change_of(deployment.modules[from].loaded, deployment.modules[to].loaded));
  }

  void try_value(const Deployment &deployment, const ConfigVariable &variable, const std::string &value) const {
    Deployment other = deployment;
    other.variables[variable.variable] = value;
    tell(outcome_of(other), change_of(deployment, variable, value));
  }

private:
  const Packs &packs_;
  const std::vector<Check> &checks_;
  std::vector<Finding> &findings_;
  std::set<Key> before_;
};

} // namespace

std::string change_of(const config::LoadedModule &module, const config::LoadedModule &before) {
  return fmt::format("{}: move loadmodule \"{}\" before {} (loadmodule \"{}\")", place_of(module.at), module.written,
                     module.at.file == before.at.file ? fmt::format("line {}", before.at.line) : place_of(before.at),
                     before.written);
}

std::string change_of(const Deployment &deployment, const ConfigVariable &variable, const std::string &value) {
  const std::string setting = variable.parameters.front() + "=" + value;
  std::string out = fmt::format("{}: add {}", deployment.config.files.front(), setting);
  for (const config::Setting &known : deployment.config.settings)
    if (std::ranges::find(variable.parameters, known.name) != variable.parameters.end())
      out = fmt::format("{}: change this to {}", place_of(known.at), setting);
  return out;
}

void add_hints(const Deployment &deployment, const Packs &packs, const std::vector<Check> &checks,
               std::vector<Finding> &findings) {
  if (findings.empty())
    return;
  const Hints hints(packs, checks, findings);
  for (const ScenarioVariable &variable : deployment.host->scenario) {
    const auto module = std::ranges::find(deployment.modules, variable.load_order_of,
                                          [](const InstalledModule &one) { return one.loaded.name; });
    if (!variable.load_order_of.empty() && module != deployment.modules.end() && module != deployment.modules.begin())
      hints.try_order(deployment, static_cast<std::size_t>(module - deployment.modules.begin()));
    for (const ConfigVariable &setting : deployment.host->config.variables) {
      const auto known = deployment.variables.find(variable.name);
      if (setting.variable != variable.name || known == deployment.variables.end() || known->second.empty())
        continue;
      for (const std::string &value : variable.values)
        if (value != known->second)
          hints.try_value(deployment, setting, value);
    }
  }
}

} // namespace initorder::deployment
