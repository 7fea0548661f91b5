// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Who says which name in a set of packs.
#pragma once

#include "rules/packs.h"

#include <set>
#include <string>

namespace initorder {

using NameSet = std::set<std::string, std::less<>>;

struct EffectNames {
  NameSet made; ///< by a function, by loading an object, by an own call
  NameSet read; ///< by a rule, a milestone, or another effect's `unless-earlier`
};

EffectNames effect_names(const Packs &packs);

/// The milestones that some rule waits for.
NameSet awaited_milestones(const std::vector<Check> &checks);

} // namespace initorder
