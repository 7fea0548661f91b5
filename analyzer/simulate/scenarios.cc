// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/simulate/scenarios.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
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

/// 3, 0, 13 for "3.0.13"; "1.1.1w" is 1.1.1. None if it is no version.
std::optional<std::vector<unsigned>> version_numbers(const std::string &text) {
  std::vector<unsigned> out;
  const char *at = text.data(), *const end = text.data() + text.size();
  while (true) {
    const auto [next, failed] = std::from_chars(at, end, out.emplace_back());
    if (failed != std::errc{})
      return std::nullopt;
    if (next == end || *next != '.')
      return std::all_of(next, end, [](unsigned char c) { return std::isalnum(c); }) ? std::optional(out) : std::nullopt;
    at = next + 1;
  }
}

/// The listed version that stands for `given`: the last that is not later.
Result<std::string> known_version(const LibraryPack &library, const std::string &given) {
  const auto numbers = version_numbers(given);
  const std::string setting = fmt::format("--set {}={}", library.name, given);
  if (!numbers)
    return Error{Error::Kind::malformed, {}, setting + ": the value must be a version, such as " + library.versions.back().value};
  const LibraryVersion *known = nullptr;
  for (const LibraryVersion &version : library.versions)
    if (version_numbers(version.value) <= numbers)
      known = &version;
  if (known)
    return known->value;
  return Error{Error::Kind::unknown, {},
               fmt::format("{}: the oldest version that its pack knows is {}", setting, library.versions.front().value)};
}

/// Multiplies the scenarios by the values of one more variable.
void add_variable(const std::string &name, const std::vector<std::string> &values, std::vector<Scenario> &scenarios) {
  std::vector<Scenario> more;
  for (const Scenario &scenario : scenarios)
    for (const std::string &value : values) {
      more.push_back(scenario);
      more.back()[name] = value;
    }
  scenarios = std::move(more);
}

/// Whether a variable that is not combined with everything has another value than its default, which nobody asked for.
bool stands_alone(const HostPack &host, const Scenario &scenario, const Scenario &fixed) {
  return std::ranges::any_of(host.scenario, [&](const ScenarioVariable &variable) {
    const auto value = scenario.find(variable.name);
    return variable.alone && value != scenario.end() && value->second != variable.values.front() &&
           !fixed.contains(variable.name);
  });
}

/// Where a module is absent, what only it asks for has its default.
void default_where_absent(const HostPack &host, const Scenario &fixed, std::vector<Scenario> &scenarios) {
  for (Scenario &scenario : scenarios)
    for (const ScenarioVariable &variable : host.scenario) {
      const auto module = scenario.find(variable.only_with);
      if (module != scenario.end() && module->second == "absent" && !fixed.contains(variable.name))
        if (const auto value = scenario.find(variable.name); value != scenario.end())
          value->second = variable.values.front();
    }
  std::vector<Scenario> distinct;
  for (Scenario &scenario : scenarios)
    if (std::ranges::find(distinct, scenario) == distinct.end())
      distinct.push_back(std::move(scenario));
  scenarios = std::move(distinct);
}

} // namespace

Result<Scenario> checked_settings(const Packs &packs, const HostPack &host, Scenario fixed) {
  std::set<std::string> known;
  for (const HostPack &pack : packs.hosts)
    for (const ScenarioVariable &variable : pack.scenario)
      known.insert(variable.name);
  for (const LibraryPack &library : packs.libraries)
    if (!library.versions.empty())
      known.insert(library.name);
  for (auto &[name, value] : fixed) {
    if (!known.contains(name))
      return Error{Error::Kind::unknown, {},
                   fmt::format("--set {}: no pack has this variable; known: {}", name, fmt::join(known, ", "))};
    for (const ScenarioVariable &variable : host.scenario)
      if (variable.name == name)
        if (Result<void> right = check_value(variable, value); !right)
          return right.error();
    for (const LibraryPack &library : packs.libraries) {
      if (library.name != name || library.versions.empty())
        continue;
      Result<std::string> version = known_version(library, value);
      if (!version)
        return version.error();
      value = std::move(*version);
    }
  }
  return fixed;
}

std::vector<unsigned> versions_wanted(const LibraryPack &library, const Scenario &fixed) {
  const auto given = fixed.find(library.name);
  std::vector<unsigned> out;
  for (unsigned v = 0; v < library.versions.size(); ++v)
    if (given == fixed.end() || given->second == library.versions[v].value)
      out.push_back(v);
  return out;
}

/// The values of a variable that nobody fixes.
static std::vector<std::string> values_of(const ScenarioVariable &variable, const Configured *configured) {
  if (variable.load_order_of.empty() || !configured)
    return variable.values;
  return configured->loads(variable.load_order_of) ? std::vector<std::string>{"as-loaded", "first"}
                                                   : std::vector<std::string>{"absent"};
}

std::vector<Scenario> scenarios_of(const Program &program, const Packs &packs, const Scenario &fixed,
                                   const Configured *configured) {
  const HostPack &host = *program.tree().host;
  std::vector<Scenario> out = {{}};
  for (const ScenarioVariable &variable : host.scenario) {
    const auto given = fixed.find(variable.name);
    if (tree_has(program, variable))
      add_variable(variable.name, given == fixed.end() ? values_of(variable, configured) : std::vector{given->second}, out);
  }
  for (const LibraryPack &library : packs.libraries) {
    if (library.versions.empty() || !program.asks_for_version(library))
      continue;
    std::vector<std::string> values;
    for (const unsigned version : versions_wanted(library, fixed))
      values.push_back(library.versions[version].value);
    add_variable(library.name, values, out);
    std::erase_if(out, [&](const Scenario &scenario) {
      return scenario.at(library.name) != values.back() && stands_alone(host, scenario, fixed);
    });
  }
  default_where_absent(host, fixed, out);
  return out;
}

} // namespace initorder
