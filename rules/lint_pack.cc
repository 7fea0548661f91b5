// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/lint_pack.h"

#include "rules/nearest.h"

#include <algorithm>
#include <optional>

namespace initorder {
namespace {

std::string place(const std::string &file, unsigned line) { return file + ":" + std::to_string(line); }

bool says_nothing(const LibraryFunction &function) {
  return function.effects.empty() && function.runs.empty() && !function.resource && !function.uses &&
         !function.success && !function.forks && !function.never_returns && !function.opaque &&
         !function.trace.always && !function.trace.off;
}

/// The other library that describes the function, or null.
const LibraryPack *also_in(const std::string &function, const std::string &file, const Packs &packs) {
  for (const LibraryPack &library : packs.libraries)
    if (library.file != file && std::ranges::find(library.functions, function, &LibraryFunction::name) !=
                                    library.functions.end())
      return &library;
  return nullptr;
}

void lint_functions(const std::vector<LibraryFunction> &functions, const std::string &file, const Company &company,
                    std::vector<Remark> &out) {
  NameSet told;
  const auto ask_for = [&](const std::string &effect, const std::string &where) {
    if (!company.effects.read.contains(effect) && told.insert(effect).second)
      out.push_back({Severity::note, where, "no rule asks for the effect " + in_quotes(effect)});
  };
  for (const LibraryFunction &function : functions) {
    const std::string where = place(file, function.line);
    if (says_nothing(function))
      out.push_back({Severity::warning, where,
                     "nothing is said of " + in_quotes(function.name) +
                         ": no effects, runs, resource, success, forks, never-returns, opaque or trace"});
    if (const LibraryPack *other = also_in(function.name, file, company.packs))
      out.push_back({Severity::warning, where,
                     in_quotes(function.name) + " is also a function of the library " + in_quotes(other->name) +
                         ": one of the two is never read"});
    for (const CallEffect &effect : function.effects) {
      ask_for(effect.effect, where);
      for (const std::string &earlier : effect.unless_earlier)
        if (!company.effects.made.contains(earlier) && told.insert("earlier " + earlier).second)
          out.push_back({Severity::warning, where,
                         "no function has the effect " + in_quotes(earlier) + " of 'unless-earlier'" +
                             nearest(earlier, {company.effects.made.begin(), company.effects.made.end()})});
    }
  }
}

/// What a pattern names and the host does not have; empty: it can match there.
std::string missing_in(const HostPack &host, const Pattern &pattern) {
  const auto has_phase = [&](const std::string &id) {
    return std::ranges::find(host.phases, id, &Phase::id) != host.phases.end();
  };
  const auto lacks_milestone = [&](const std::string &id) {
    return !id.empty() && std::ranges::find(host.milestones, id, &Milestone::id) == host.milestones.end();
  };
  const auto missing = [&](const Selector &selector) -> std::string {
    if (!selector.phases.empty() && std::ranges::none_of(selector.phases, has_phase))
      return "phase " + in_quotes(selector.phases.front());
    for (const std::string &milestone : {selector.before, selector.after})
      if (lacks_milestone(milestone))
        return "milestone " + in_quotes(milestone);
    return {};
  };
  std::string out = missing(pattern.match);
  for (const Companion &companion : pattern.needs)
    if (out.empty())
      out = missing(companion.selector);
  return out;
}

void lint_phases(const HostPack &host, std::vector<Remark> &out) {
  const auto warn = [&](const std::string &what) { out.push_back({Severity::warning, host.file, what}); };
  const auto last_fork = std::find_if(host.phases.rbegin(), host.phases.rend(), [](const Phase &p) { return p.fork; });
  if (last_fork == host.phases.rend())
    warn("no phase has 'fork: true': nothing is before a fork");
  bool forks_follow = last_fork != host.phases.rend();
  for (const Phase &phase : host.phases) {
    if (last_fork != host.phases.rend() && &phase == &*last_fork)
      forks_follow = false;
    if (phase.before_fork && !forks_follow && last_fork != host.phases.rend())
      warn("phase " + in_quotes(phase.id) + " is 'before-fork', and no phase that forks follows it");
    if (phase.opened_by.empty())
      warn("phase " + in_quotes(phase.id) + " has no 'opened-by': its paths begin in the module, and no trace sees it");
  }
}

} // namespace

void lint_host(const HostPack &host, const Company &company, std::vector<Remark> &out) {
  lint_phases(host, out);
  lint_functions(host.functions, host.file, company, out);
  for (const Milestone &milestone : host.milestones)
    if (!company.awaited.contains(milestone.id))
      out.push_back({Severity::note, host.file, "no rule waits for the milestone " + in_quotes(milestone.id)});
  for (const Check &check : company.packs.checks) {
    std::string missing;
    for (const Pattern &pattern : check.patterns)
      if (missing = missing_in(host, pattern); missing.empty())
        break;
    if (!missing.empty())
      out.push_back({Severity::note, host.file,
                     "the rule " + in_quotes(check.id) + " finds nothing in this host, which has no " + missing});
  }
  if (host.trace.programs.empty())
    out.push_back({Severity::note, host.file, "no 'trace': `initorder trace` does not know this server"});
}

void lint_library(const LibraryPack &library, const Company &company, std::vector<Remark> &out) {
  if (library.functions.empty() && library.on_load.empty() && library.headers.empty())
    out.push_back({Severity::warning, library.file, "no functions, no 'on-load', no headers: nothing is said"});
  lint_functions(library.functions, library.file, company, out);
}

void lint_check(const Check &check, const std::string &file, const Company &company, std::vector<Remark> &out) {
  if (check.example.empty())
    out.push_back({Severity::warning, file, "no 'example': a few lines of C that break the rule"});
  for (std::size_t i = 0; i < check.patterns.size(); ++i) {
    const Pattern &pattern = check.patterns[i];
    const std::string which = "pattern " + std::to_string(i + 1);
    if (pattern.match.effects.empty())
      out.push_back({Severity::warning, file, which + " matches events of every effect: say which"});
    const std::vector<HostPack> &hosts = company.packs.hosts;
    if (!hosts.empty() &&
        std::ranges::none_of(hosts, [&](const HostPack &host) { return missing_in(host, pattern).empty(); }))
      out.push_back({Severity::warning, file, which + " never matches: no host has all its phases and milestones"});
  }
}

} // namespace initorder
