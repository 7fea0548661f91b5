// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/scenario_cover.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace initorder {

namespace {

/// Whether it holds, for each scenario that was looked at.
using Table = std::map<Scenario, bool>;

/// The table without one variable; none if scenarios that differ only in it are answered differently.
std::optional<Table> without(const Table &table, const std::string &variable) {
  Table out;
  for (const auto &[scenario, holds] : table) {
    Scenario rest = scenario;
    rest.erase(variable);
    // A scenario without variables would read as "always".
    if (holds && rest.empty())
      return std::nullopt;
    if (const auto [entry, is_new] = out.try_emplace(std::move(rest), holds); !is_new && entry->second != holds)
      return std::nullopt;
  }
  return out;
}

} // namespace

std::vector<Scenario> cover(const std::vector<Scenario> &all, const std::vector<bool> &holds) {
  Table table;
  std::set<std::string> variables;
  for (std::size_t i = 0; i < all.size(); ++i) {
    // Two runs of one scenario: it holds if it holds in one of them.
    bool &answer = table.try_emplace(all[i], false).first->second;
    answer = answer || holds[i];
    for (const auto &[variable, value] : all[i])
      variables.insert(variable);
  }
  if (std::all_of(table.begin(), table.end(), [](const auto &row) { return row.second; }))
    return {};
  for (const std::string &variable : variables)
    if (std::optional<Table> shorter = without(table, variable))
      table = std::move(*shorter);

  std::vector<Scenario> out;
  for (const auto &[scenario, answer] : table)
    if (answer)
      out.push_back(scenario);
  return out;
}

} // namespace initorder
