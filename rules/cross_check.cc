// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/cross_check.h"

#include "rules/deployment_effects.h"
#include "rules/nearest.h"

#include <algorithm>
#include <map>
#include <set>

namespace initorder {

namespace {

using Names = std::set<std::string, std::less<>>;

/// Everything that a mention can mean.
struct Defined {
  Names phases;
  Names milestones;
  Names effects;
};

Defined defined_by(const Packs &packs) {
  Defined out;
  const auto add_effects = [&](const std::vector<LibraryFunction> &functions) {
    for (const LibraryFunction &function : functions)
      for (const CallEffect &effect : function.effects)
        out.effects.insert(effect.effect);
  };
  for (const HostPack &host : packs.hosts) {
    for (const Phase &phase : host.phases) {
      out.phases.insert(phase.id);
      for (const EntryPoint &entry : phase.entries)
        if (!entry.effect.empty())
          out.effects.insert(entry.effect);
    }
    for (const Milestone &milestone : host.milestones)
      out.milestones.insert(milestone.id);
    add_effects(host.functions);
  }
  for (const LibraryPack &library : packs.libraries) {
    add_effects(library.functions);
    for (const LinkEffect &effect : library.on_load)
      out.effects.insert(effect.effect);
    for (const OwnCall &call : library.own_calls)
      out.effects.insert(call.means);
    for (const ObservedState &state : library.states)
      out.effects.insert(state.effect);
  }
  return out;
}

void check_mentions(const std::vector<Mention> &mentions, const Defined &defined, std::vector<Error> &out) {
  for (const Mention &mention : mentions) {
    const bool is_phase = mention.of == Mention::Of::phase;
    const bool is_milestone = mention.of == Mention::Of::milestone;
    const Names &known = is_phase ? defined.phases : is_milestone ? defined.milestones : defined.effects;
    const bool is_of_deployments = !is_phase && !is_milestone &&
                                   std::ranges::find(kDeploymentEffects, mention.name) != kDeploymentEffects.end();
    if (known.contains(mention.name) || is_of_deployments)
      continue;
    const char *kind = is_phase       ? "no host has a phase "
                       : is_milestone ? "no host has a milestone "
                                      : "no function has the effect ";
    out.push_back({Error::Kind::unknown, mention.where,
                   kind + in_quotes(mention.name) + nearest(mention.name, {known.begin(), known.end()})});
  }
}

template <class Pack>
void check_names(const std::vector<Pack> &packs, const std::string &kind, std::vector<Error> &out) {
  std::map<std::string, std::string> files;
  for (const Pack &pack : packs)
    if (const auto [first, is_new] = files.try_emplace(pack.name, pack.file); !is_new)
      out.push_back({Error::Kind::malformed, pack.file,
                     "a second " + kind + " " + in_quotes(pack.name) + "; the first is " + first->second});
}

} // namespace

std::vector<Error> cross_mistakes(const Packs &packs) {
  std::vector<Error> out;
  check_names(packs.hosts, "host", out);
  check_names(packs.libraries, "library", out);
  const Defined defined = defined_by(packs);
  for (const HostPack &host : packs.hosts)
    check_mentions(host.mentions, defined, out);
  for (const Check &check : packs.checks)
    check_mentions(check.mentions, defined, out);
  return out;
}

Result<void> cross_check(const Packs &packs) {
  const std::vector<Error> mistakes = cross_mistakes(packs);
  return mistakes.empty() ? Result<void>() : mistakes.front();
}

} // namespace initorder
