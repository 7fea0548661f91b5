// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The effects that some rule or milestone asks about: nothing else needs to be followed.
#pragma once

#include "rules/packs.h"

#include <array>
#include <string>
#include <unordered_set>

namespace initorder {

struct WantedEffects {
  std::unordered_set<std::string> in_main, in_worker;

  bool contains(const std::string &effect) const { return in_main.contains(effect) || in_worker.contains(effect); }
  bool contains(const std::string &effect, ProcessRole process) const {
    return (process == ProcessRole::main ? in_main : in_worker).contains(effect);
  }
};

WantedEffects wanted_effects(const Packs &packs, const HostPack &host);

} // namespace initorder
