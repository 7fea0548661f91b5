// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a trace proves: the rules that were broken, by whom, and the facts that a reader wants beside them.
#pragma once

#include "rules/finding.h"
#include "rules/packs.h"
#include "tracer/trace/key_table.h"
#include "tracer/trace/processes.h"

#include <string>
#include <vector>

namespace initorder::trace {

struct Verdict {
  Processes processes;
  KeyTable keys;
  EventSequence sequence;
  std::vector<Finding> findings;
};

/// The host whose pack the tracer used: the one that the trace names, else the first that knows a program which the
/// trace executes. Null: there is none.
const HostPack *host_of(const std::vector<Record> &records, const std::vector<HostPack> &hosts);

/// Judges one trace.
Verdict verdict_of(const std::vector<Record> &records, const HostPack &host, const std::vector<LibraryPack> &libraries,
                   const std::vector<Check> &checks);

} // namespace initorder::trace
