// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs a command under the tracer.
#pragma once

#include "rules/packs.h"
#include "rules/result.h"
#include "tracer/process/trace_end.h"
#include "tracer/trace/record.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace initorder {

struct TraceOptions {
  std::vector<std::string> command;   ///< never empty; the first is looked for in PATH
  const Packs *packs = nullptr;
  std::string host;                   ///< name of a host pack; empty: the program's name decides
  std::string until_phase;            ///< id of a phase, or "up": let go when it has ended; empty: never
  std::optional<std::chrono::seconds> for_time; ///< let go after this time
  bool names = true;                  ///< false: frames hold bare addresses, which costs nothing
};

/// Follows the command and all that it starts; `sink` gets each record before this returns.
/// Errors, before anything runs: gone (no such command), denied (cannot be run, or tracing is not permitted),
/// unsupported (a 32-bit program), unknown (host).
Result<TraceEnd> trace_command(const TraceOptions &options, trace::Sink &sink);

} // namespace initorder
