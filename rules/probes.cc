// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/probes.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace initorder {

namespace {

/// One pack's word on a function.
struct Entry {
  const LibraryFunction *function;
  const LibraryPack *pack;
};
using Entries = std::vector<Entry>;
using EntriesByName = std::map<std::string_view, Entries>;

EntriesByName entries_by_name(const Packs &packs, const HostPack *host) {
  EntriesByName out;
  const auto add_all = [&](const std::vector<LibraryFunction> &functions, const LibraryPack *pack) {
    for (const LibraryFunction &function : functions)
      out[function.name].push_back({&function, pack});
  };
  for (const LibraryPack &library : packs.libraries)
    add_all(library.functions, &library);
  if (host)
    add_all(host->functions, nullptr);
  return out;
}

using Names = std::set<std::string_view>;

Names measured_effects(const EntriesByName &all) {
  Names out;
  for (const auto &[name, entries] : all)
    for (const Entry &entry : entries)
      for (const CallEffect &effect : entry.function->effects)
        if (effect.measured)
          out.insert(effect.effect);
  return out;
}

/// Two packs may say the same of a function, and one may say it for the analyzer and for the tracer.
bool same(const CallEffect &a, const CallEffect &b) {
  return a.effect == b.effect && a.when == b.when;
}

std::vector<Probe::Effect> seen_effects(const Entries &entries, const Names &measured) {
  std::vector<Probe::Effect> out;
  for (const Entry &entry : entries)
    for (const CallEffect &effect : entry.function->effects) {
      if (!effect.observable || (!effect.measured && measured.contains(effect.effect)))
        continue;
      if (std::none_of(out.begin(), out.end(), [&](const Probe::Effect &known) { return same(*known.effect, effect); }))
        out.push_back({&effect, entry.pack});
    }
  return out;
}

/// What the function is called in an object. A function pointer in a structure is called nothing there.
std::vector<std::string> symbols_of(const LibraryFunction &function) {
  if (!function.trace.symbols.empty())
    return function.trace.symbols;
  if (function.name.find('.') != std::string::npos)
    return {};
  return {function.name};
}

/// Behind a slow path the return is not seen, whatever is asked.
bool ends(const LibraryFunction &function) {
  using Type = TracedArgument::Type;
  const TraceHint &trace = function.trace;
  if (trace.slow_path)
    return false;
  const bool fills = std::any_of(trace.arguments.begin(), trace.arguments.end(), [](const TracedArgument &argument) {
    return argument.type == Type::out_integer || argument.type == Type::out_pointer;
  });
  const auto &resource = function.resource;
  const bool begins = resource && !resource->closes && (resource->in != ResourceRef::In::argument || resource->success);
  const bool may_fail = function.success && !function.effects.empty();
  return trace.result || fills || begins || may_fail;
}

} // namespace

std::vector<Probe> probes_of(const Packs &packs, const HostPack *host) {
  const EntriesByName all = entries_by_name(packs, host);
  const Names measured = measured_effects(all);
  std::vector<Probe> out;
  for (const auto &[name, entries] : all) {
    if (std::any_of(entries.begin(), entries.end(), [](const Entry &entry) { return entry.function->trace.off; }))
      continue;
    const auto asked =
        std::find_if(entries.begin(), entries.end(), [](const Entry &entry) { return entry.function->trace.always; });
    const Entry &entry = asked != entries.end() ? *asked : entries.front();
    Probe probe{entry.function, entry.pack, symbols_of(*entry.function), seen_effects(entries, measured),
                ends(*entry.function)};
    if (!probe.symbols.empty() && (asked != entries.end() || !probe.effects.empty()))
      out.push_back(std::move(probe));
  }
  return out;
}

} // namespace initorder
