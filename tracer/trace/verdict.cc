// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/verdict.h"

#include "rules/engine.h"
#include "tracer/trace/objects.h"
#include "tracer/trace/sequence.h"

#include <algorithm>

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

Verdict verdict_of(const std::vector<Record> &records, const HostPack &host, const std::vector<LibraryPack> &libraries,
                   const std::vector<Check> &checks) {
  Verdict out;
  out.processes = processes_of(records, host);
  out.keys = key_table(records, out.processes, host, libraries);
  out.sequence = sequence_of(records, out.processes, host, libraries);
  out.findings = judge({out.sequence}, checks, host);
  return out;
}

} // namespace initorder::trace
