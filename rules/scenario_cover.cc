// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/scenario_cover.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace initorder {

namespace {

/// The answer for each scenario that was looked at.
using Table = std::map<Scenario, Answer>;

/// The table without one variable; none if scenarios that differ only in it are answered differently.
std::optional<Table> without(const Table &table, const std::string &variable) {
  Table out;
  for (const auto &[scenario, answer] : table) {
    Scenario rest = scenario;
    rest.erase(variable);
    if (const auto [entry, is_new] = out.try_emplace(std::move(rest), answer); !is_new && entry->second != answer)
      return std::nullopt;
  }
  return out;
}

} // namespace

std::vector<ScenarioAnswer> cover(const std::vector<Scenario> &all, const std::vector<Answer> &answers) {
  Table table;
  std::set<std::string> variables;
  for (std::size_t i = 0; i < all.size(); ++i) {
    Answer &answer = table.try_emplace(all[i], Answer::does_not).first->second;
    answer = std::max(answer, answers[i]);
    for (const auto &[variable, value] : all[i])
      variables.insert(variable);
  }
  if (std::all_of(table.begin(), table.end(), [&](const auto &row) { return row.second == table.begin()->second; }))
    return {};
  for (const std::string &variable : variables)
    if (std::optional<Table> shorter = without(table, variable))
      table = std::move(*shorter);

  std::vector<ScenarioAnswer> out;
  for (const auto &[scenario, answer] : table)
    out.push_back({scenario, answer});
  return out;
}

} // namespace initorder
