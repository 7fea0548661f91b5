// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/verdict.h"

#include "rules/engine.h"
#include "rules/probes.h"
#include "tracer/trace/objects.h"
#include "tracer/trace/sequence.h"

#include <algorithm>
#include <set>

namespace initorder::trace {

const HostPack *host_of(const std::vector<Record> &records, const std::vector<HostPack> &hosts) {
  for (const Record &record : records) {
    if (const auto *began = std::get_if<Began>(&record.what); began && !began->host.empty())
      if (const auto host = std::ranges::find(hosts, began->host, &HostPack::name); host != hosts.end())
        return &*host;
    if (const auto *executed = std::get_if<ProcessExecuted>(&record.what))
      for (const HostPack &host : hosts)
        if (std::ranges::find(host.trace.programs, base_name(executed->program)) != host.trace.programs.end())
          return &host;
  }
  return nullptr;
}

static bool defines(const HostPack &host, const std::string &effect) {
  return std::ranges::any_of(host.phases, [&](const Phase &phase) {
    return std::ranges::any_of(phase.entries, [&](const EntryPoint &entry) { return entry.effect == effect; });
  });
}

/// What other hosts get by a definition of their own does not come about in this one, seen or not.
static bool is_of_other_hosts(const std::string &effect, const Packs &packs, const HostPack &host) {
  return !defines(host, effect) &&
         std::ranges::any_of(packs.hosts, [&](const HostPack &other) { return defines(other, effect); });
}

std::vector<Check> answerable(const std::vector<Check> &checks, const Packs &packs, const HostPack &host,
                              std::vector<std::string> &untold) {
  std::set<std::string> seen{"thread.join"}; // threads are seen to end
  for (const Probe &probe : probes_of(packs, &host))
    for (const Probe::Effect &effect : probe.effects)
      seen.insert(effect.effect->effect);
  for (const LibraryPack &library : packs.libraries)
    for (const OwnCall &own : library.own_calls)
      seen.insert(own.means);

  std::vector<Check> out = checks;
  for (Check &check : out)
    std::erase_if(check.patterns, [&](const Pattern &pattern) {
      for (const Companion &excuse : pattern.unless)
        for (const std::string &effect : excuse.selector.effects)
          if (!seen.contains(effect) && !is_of_other_hosts(effect, packs, host)) {
            untold.push_back("cannot tell whether " + check.id + " is broken for want of " + effect +
                             ": the tracer does not watch it");
            return true;
          }
      return false;
    });
  return out;
}

std::vector<Check> answerable_since_attach(const std::vector<Check> &checks, std::vector<std::string> &untold) {
  const auto asks_when = [](const Selector &selector) { return !selector.before.empty() || !selector.after.empty(); };
  const auto asks_before = [&](const Companion &companion) {
    return companion.order != Companion::Order::later || asks_when(companion.selector);
  };
  std::vector<Check> out = checks;
  std::string left_out;
  for (Check &check : out)
    if (std::erase_if(check.patterns, [&](const Pattern &pattern) {
          return asks_when(pattern.match) || std::ranges::any_of(pattern.unless, asks_before) ||
                 std::ranges::any_of(pattern.needs, asks_before);
        }) > 0)
      left_out += (left_out.empty() ? "" : ", ") + check.id;
  untold.push_back("cannot tell what the server did before it was attached to: no finding here does not mean that a rule was kept");
  if (!left_out.empty())
    untold.push_back("cannot tell whether these are broken, since they depend on what came before the attach: " + left_out);
  return out;
}

Verdict verdict_of(const std::vector<Record> &records, const HostPack &host, const Packs &packs,
                   const std::vector<Check> &checks) {
  Verdict out;
  out.processes = processes_of(records, host);
  out.keys = key_table(records, out.processes, host, packs.libraries);
  out.sequence = sequence_of(records, out.processes, host, packs.libraries);
  if (!out.processes.attached) {
    out.findings = judge({out.sequence}, answerable(checks, packs, host, out.untold), host);
    return out;
  }
  const std::vector<Check> since = answerable_since_attach(checks, out.untold);
  out.findings = judge({out.sequence}, answerable(since, packs, host, out.untold), host);
  return out;
}

} // namespace initorder::trace
