// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/link/wanted_effects.h"

#include <algorithm>

namespace initorder {
namespace {

/// Whether an event of a process of this role can be what the selector means.
bool may_match(const Selector &selector, const HostPack &host, ProcessRole process) {
  if (selector.process && *selector.process != process)
    return false;
  if (selector.before_fork.value_or(false) && process != ProcessRole::main)
    return false;
  return selector.phases.empty() ||
         std::any_of(host.phases.begin(), host.phases.end(), [&](const Phase &phase) {
           const bool named = std::find(selector.phases.begin(), selector.phases.end(), phase.id) != selector.phases.end();
           return named && (phase.fork || phase.process == process);
         });
}

} // namespace

WantedEffects wanted_effects(const Packs &packs, const HostPack &host) {
  WantedEffects out;
  const auto add = [&](const Selector &selector) {
    if (may_match(selector, host, ProcessRole::main))
      out.in_main.insert(selector.effects.begin(), selector.effects.end());
    if (may_match(selector, host, ProcessRole::worker))
      out.in_worker.insert(selector.effects.begin(), selector.effects.end());
  };
  for (const Check &check : packs.checks)
    for (const Pattern &pattern : check.patterns) {
      add(pattern.match);
      for (const auto *companions : {&pattern.needs, &pattern.unless})
        for (const Companion &companion : *companions)
          add(companion.selector);
    }
  for (const Milestone &milestone : host.milestones)
    for (const Milestone::Alternative &alternative : milestone.alternatives)
      add(alternative.event);
  for (const Phase &phase : host.phases)
    for (const EntryPoint &entry : phase.entries)
      for (const LibraryFunction &function : host.functions)
        if (function.name == entry.if_calls)
          for (const CallEffect &effect : function.effects)
            out.in_main.insert(effect.effect);
  const auto add_earlier = [&](const std::vector<LibraryFunction> &functions) {
    for (const LibraryFunction &function : functions)
      for (const CallEffect &effect : function.effects) {
        if (out.in_main.contains(effect.effect))
          out.in_main.insert(effect.unless_earlier.begin(), effect.unless_earlier.end());
        if (out.in_worker.contains(effect.effect))
          out.in_worker.insert(effect.unless_earlier.begin(), effect.unless_earlier.end());
      }
  };
  add_earlier(host.functions);
  for (const LibraryPack &library : packs.libraries)
    add_earlier(library.functions);
  return out;
}

} // namespace initorder
