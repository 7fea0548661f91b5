// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/simulate/load_order.h"

#include <algorithm>
#include <map>

namespace initorder {

LoadOrder::LoadOrder(const Program &program, const Scenario &scenario, const Configured *configured)
    : program_(program), configured_(configured) {
  std::map<std::string_view, unsigned> by_name;
  for (unsigned unit = 1; unit < program.tree().units.size(); ++unit) {
    by_name.try_emplace(program.tree().units[unit].name, unit);
    if (!configured)
      units_.push_back(unit);
  }
  if (configured)
    for (const ConfiguredModule &module : configured->modules)
      if (const auto known = by_name.find(module.name); known != by_name.end())
        units_.push_back(known->second);
  for (const ScenarioVariable &variable : program.tree().host->scenario) {
    const auto value = scenario.find(variable.name);
    if (variable.load_order_of.empty() || value == scenario.end())
      continue;
    const auto is_named = [&](unsigned unit) { return program.tree().units[unit].name == variable.load_order_of; };
    if (value->second == kAbsent)
      std::erase_if(units_, is_named);
    else if (value->second == "first")
      std::stable_partition(units_.begin(), units_.end(), is_named);
    else if (value->second == "last")
      std::stable_partition(units_.begin(), units_.end(), [&](unsigned unit) { return !is_named(unit); });
  }
}

const ConfiguredModule *LoadOrder::statement_for(unsigned unit) const {
  if (!configured_)
    return nullptr;
  const auto found = std::ranges::find(configured_->modules, program_.tree().units[unit].name, &ConfiguredModule::name);
  return found == configured_->modules.end() ? nullptr : &*found;
}

std::optional<bool> LoadOrder::sets(const EntryPoint &entry, unsigned unit, const std::string &row) const {
  if (!configured_ || row.empty() || !std::ranges::equal(entry.names, program_.tree().host->config.parameters.fields))
    return std::nullopt;
  const auto &all = configured_->parameters;
  const auto set = std::find_if(all.rbegin(), all.rend(), [&](const ConfiguredParameter &parameter) {
    return parameter.module == program_.tree().units[unit].name && parameter.name == row;
  });
  if (set == all.rend())
    return false;
  return set->value ? std::optional(true) : std::nullopt;
}

bool LoadOrder::is_there(const std::string &unit) const {
  const auto &all = program_.tree().units;
  return !configured_ || unit == all.front().name ||
         std::ranges::any_of(units_, [&](unsigned loaded) { return all[loaded].name == unit; });
}

std::vector<std::string> places_in(const HostPack &host, const Scenario &scenario) {
  std::vector<std::string> out;
  for (const ScenarioVariable &variable : host.scenario)
    if (const auto value = scenario.find(variable.name); value != scenario.end() && !variable.load_order_of.empty())
      out.push_back(value->second);
  return out;
}

} // namespace initorder
