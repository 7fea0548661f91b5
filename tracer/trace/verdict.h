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
  /// What could not be judged, and why.
  std::vector<std::string> untold;
};

/// The host whose pack the tracer used: the one that the trace names, else the first that knows a program which the
/// trace executes. Null: there is none.
const HostPack *host_of(const std::vector<Record> &records, const std::vector<HostPack> &hosts);

/// The checks without the patterns that ask what came before a certain time, or that nothing excused came before: in the
/// trace of a server that ran already that lies before the attach. `untold` says so.
std::vector<Check> answerable_since_attach(const std::vector<Check> &checks, std::vector<std::string> &untold);

/// Judges one trace by `checks`, which need not be all of the packs'. `host` may be an empty one.
Verdict verdict_of(const std::vector<Record> &records, const HostPack &host, const Packs &packs,
                   const std::vector<Check> &checks);

} // namespace initorder::trace
