// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which modules one start loads, in which order, and what its configuration says of them.
#pragma once

#include "analyzer/link/program.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initorder {

/// What a scenario says of a module that is not loaded.
inline constexpr std::string_view kAbsent = "absent";

class LoadOrder {
public:
  /// `configured`: null: every module of the tree, in the tree's order. What the scenario says of a module's place then
  /// moves that one.
  LoadOrder(const Program &program, const Scenario &scenario, const Configured *configured);

  const std::vector<unsigned> &units() const { return units_; }
  /// The statement that loads a module; null: there is no configuration.
  const ConfiguredModule *statement_for(unsigned unit) const;
  /// Whether the configuration sets the parameter for which a table has this row; none: it cannot be told, or it is no
  /// parameter.
  std::optional<bool> sets(const EntryPoint &entry, unsigned unit, const std::string &row) const;
  /// Whether events of this unit happen: a call through a field leads into every module of the tree that fills it.
  bool is_there(const std::string &unit) const;

private:
  const Program &program_;
  const Configured *configured_;
  std::vector<unsigned> units_;
};

/// Where the modules stand whose place in the load order is a variable: as the scenario says it.
std::vector<std::string> places_in(const HostPack &host, const Scenario &scenario);

} // namespace initorder
