// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/simulate/startup.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace initorder {
namespace {

/// Whether the tree has what the variable is about: its global, or its module.
bool tree_has(const Program &program, const ScenarioVariable &variable) {
  if (!variable.load_order_of.empty())
    return std::any_of(program.tree().units.begin() + 1, program.tree().units.end(),
                       [&](const LinkageUnit &unit) { return unit.name == variable.load_order_of; });
  return program.mentions_variable(variable.global);
}

Result<void> check_value(const ScenarioVariable &variable, const std::string &value) {
  if (!variable.load_order_of.empty()) {
    if (value == "first" || value == "last" || value == "absent")
      return {};
    return Error{Error::Kind::malformed, {},
                 "--set " + variable.name + "=" + value + ": the value must be first, last or absent"};
  }
  long long number = 0;
  const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (failed == std::errc{} && end == value.data() + value.size())
    return {};
  return Error{Error::Kind::malformed, {}, "--set " + variable.name + "=" + value + ": the value must be a number"};
}

Result<void> check_fixed(const Packs &packs, const HostPack &host, const Scenario &fixed) {
  std::set<std::string> known;
  for (const HostPack &pack : packs.hosts)
    for (const ScenarioVariable &variable : pack.scenario)
      known.insert(variable.name);
  for (const auto &[name, value] : fixed) {
    if (!known.contains(name)) {
      std::string names;
      for (const std::string &each : known)
        names += (names.empty() ? "" : ", ") + each;
      return Error{Error::Kind::unknown, {}, "--set " + name + ": no host pack has this variable; known: " + names};
    }
    for (const ScenarioVariable &variable : host.scenario)
      if (variable.name == name)
        if (Result<void> right = check_value(variable, value); !right)
          return right;
  }
  return {};
}

} // namespace

Result<std::vector<Scenario>> scenarios_of(const Program &program, const Packs &packs, const Scenario &fixed) {
  const HostPack &host = *program.tree().host;
  if (Result<void> right = check_fixed(packs, host, fixed); !right)
    return right.error();
  std::vector<Scenario> out = {{}};
  for (const ScenarioVariable &variable : host.scenario) {
    if (!tree_has(program, variable))
      continue;
    const auto given = fixed.find(variable.name);
    const std::vector<std::string> values =
        given == fixed.end() ? variable.values : std::vector<std::string>{given->second};
    std::vector<Scenario> more;
    for (const Scenario &scenario : out)
      for (const std::string &value : values) {
        more.push_back(scenario);
        more.back()[variable.name] = value;
      }
    out = std::move(more);
  }
  return out;
}

} // namespace initorder
