// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/unwatched.h"

#include "rules/engine.h"
#include "rules/probes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace initorder::trace {
namespace {

bool defines(const HostPack &host, const std::string &effect) {
  return std::ranges::any_of(host.phases, [&](const Phase &phase) {
    return std::ranges::any_of(phase.entries, [&](const EntryPoint &entry) { return entry.effect == effect; });
  });
}

/// What other hosts get by a definition of their own does not come about in this one, seen or not.
bool is_of_other_hosts(const std::string &effect, const Packs &packs, const HostPack &host) {
  return !defines(host, effect) && std::ranges::any_of(packs.hosts, [&](const HostPack &other) { return defines(other, effect); });
}

std::string place_of(const Finding &finding) {
  const std::string line = finding.site.line ? fmt::format("{}:{}", finding.site.file, finding.site.line) : finding.site.file;
  return line.empty() ? "an unknown place" : line;
}

} // namespace

Unwatched::Unwatched(const Packs &packs, const HostPack &host) : packs_(packs), host_(host), watched_{"thread.join"} {
  // Threads are seen to end.
  for (const Probe &probe : probes_of(packs, &host))
    for (const Probe::Effect &effect : probe.effects)
      watched_.insert(effect.effect->effect);
  for (const LibraryPack &library : packs.libraries)
    for (const OwnCall &own : library.own_calls)
      watched_.insert(own.means);
  const auto add = [&](const std::vector<LibraryFunction> &functions) {
    for (const LibraryFunction &function : functions)
      for (const CallEffect &effect : function.effects)
        of_calls_.insert(effect.effect);
  };
  for (const LibraryPack &library : packs.libraries)
    add(library.functions);
  add(host.functions);
}

bool Unwatched::is_unwatched(const std::string &effect) const {
  return !watched_.contains(effect) && !is_of_other_hosts(effect, packs_, host_);
}

std::vector<std::string> Unwatched::unwatched(const std::vector<std::string> &effects) const {
  std::vector<std::string> out;
  std::ranges::copy_if(effects, std::back_inserter(out), [&](const std::string &effect) { return is_unwatched(effect); });
  return out;
}

std::vector<std::string> Unwatched::unwatched_excuses(const Pattern &pattern) const {
  std::vector<std::string> out;
  for (const Companion &excuse : pattern.unless)
    std::ranges::copy(unwatched(excuse.selector.effects), std::back_inserter(out));
  return out;
}

std::vector<Check> Unwatched::answerable(const std::vector<Check> &checks) const {
  std::vector<Check> out = checks;
  for (Check &check : out)
    std::erase_if(check.patterns, [&](const Pattern &pattern) { return !unwatched_excuses(pattern).empty(); });
  return out;
}

/// Empty: it is not broken, excused or not.
std::string Unwatched::perhaps_excused(const Check &check, const Pattern &pattern, const EventSequence &sequence) const {
  Check alone = check;
  alone.patterns = {pattern};
  // What is left of an excuse is what can be seen of it; one of which nothing is left would match everything.
  std::erase_if(alone.patterns[0].unless, [&](Companion &excuse) {
    std::vector<std::string> &effects = excuse.selector.effects;
    const bool had_any = !effects.empty();
    std::erase_if(effects, [&](const std::string &effect) { return is_unwatched(effect); });
    return had_any && effects.empty();
  });
  const std::vector<Finding> findings = judge({sequence}, {alone}, host_);
  if (findings.empty())
    return "";
  return fmt::format("cannot tell whether {} is broken at {}{}: {}; {} would excuse it, which the tracer does not watch", check.id,
                     place_of(findings[0]), findings.size() == 1 ? "" : fmt::format(" and {} more places", findings.size() - 1),
                     findings[0].message, fmt::join(unwatched_excuses(pattern), " or "));
}

/// Which rules have patterns that need what is not watched. Empty: none.
std::string Unwatched::unseen(const std::vector<Check> &checks) const {
  std::string out;
  for (const Check &check : checks) {
    std::set<std::string> effects;
    const auto add = [&](const Selector &selector) {
      for (const std::string &effect : unwatched(selector.effects))
        if (of_calls_.contains(effect))
          effects.insert(effect);
    };
    for (const Pattern &pattern : check.patterns) {
      add(pattern.match);
      for (const Companion &need : pattern.needs)
        add(need.selector);
    }
    if (!effects.empty())
      out += fmt::format("{}{} ({})", out.empty() ? "" : ", ", check.id, fmt::join(effects, ", "));
  }
  return out;
}

std::vector<std::string> Unwatched::untold(const std::vector<Check> &checks, const EventSequence &sequence) const {
  std::vector<std::string> out;
  for (const Check &check : checks)
    for (const Pattern &pattern : check.patterns)
      if (!unwatched_excuses(pattern).empty())
        if (std::string text = perhaps_excused(check, pattern, sequence); !text.empty())
          out.push_back(std::move(text));
  if (const std::string rules = unseen(checks); !rules.empty())
    out.push_back("cannot tell whether these are broken by what the tracer does not watch: " + rules);
  return out;
}

} // namespace initorder::trace
