// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/lint_names.h"

namespace initorder {
namespace {

void add_functions(const std::vector<LibraryFunction> &functions, EffectNames &out) {
  for (const LibraryFunction &function : functions)
    for (const CallEffect &effect : function.effects) {
      out.made.insert(effect.effect);
      out.read.insert(effect.unless_earlier.begin(), effect.unless_earlier.end());
    }
}

} // namespace

EffectNames effect_names(const Packs &packs) {
  EffectNames out;
  for (const HostPack &host : packs.hosts) {
    add_functions(host.functions, out);
    for (const Mention &mention : host.mentions)
      if (mention.of == Mention::Of::effect)
        out.read.insert(mention.name);
  }
  for (const LibraryPack &library : packs.libraries) {
    add_functions(library.functions, out);
    for (const LinkEffect &effect : library.on_load)
      out.made.insert(effect.effect);
    for (const OwnCall &call : library.own_calls) {
      out.made.insert(call.means);
      out.read.insert(call.effect);
    }
  }
  for (const Check &check : packs.checks)
    for (const Mention &mention : check.mentions)
      if (mention.of == Mention::Of::effect)
        out.read.insert(mention.name);
  return out;
}

NameSet awaited_milestones(const std::vector<Check> &checks) {
  NameSet out;
  for (const Check &check : checks)
    for (const Mention &mention : check.mentions)
      if (mention.of == Mention::Of::milestone)
        out.insert(mention.name);
  return out;
}

} // namespace initorder
