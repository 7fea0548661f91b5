// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/verdict.h"

#include "rules/engine.h"
#include "tracer/trace/objects.h"
#include "tracer/trace/sequence.h"
#include "tracer/trace/unwatched.h"

#include <algorithm>
#include <iterator>

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
  std::vector<Check> answered = checks;
  if (out.processes.attached)
    answered = answerable_since_attach(checks, out.untold);
  const Unwatched unwatched(packs, host);
  out.findings = judge({out.sequence}, unwatched.answerable(answered), host);
  std::ranges::move(unwatched.untold(answered, out.sequence), std::back_inserter(out.untold));
  return out;
}

} // namespace initorder::trace
