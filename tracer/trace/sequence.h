// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A trace as the events that the rule engine judges: the same kind that the analyzer predicts.
#pragma once

#include "rules/event.h"
#include "rules/host_pack.h"
#include "rules/library_pack.h"
#include "tracer/trace/processes.h"

#include <string>
#include <vector>

namespace initorder::trace {

/// What the server did, in the order that the rule engine asks for: a worker's events stand where it was forked, after
/// what it inherits and before what the main process did later. What other programs did (a shell that started the
/// server, a child that executed something) is left out. Every event is certain: it happened.
EventSequence sequence_of(const std::vector<Record> &records, const HostPack &host,
                          const std::vector<LibraryPack> &libraries);
/// The same, where the processes are known already.
EventSequence sequence_of(const std::vector<Record> &records, const Processes &processes, const HostPack &host,
                          const std::vector<LibraryPack> &libraries);

} // namespace initorder::trace
