// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads a trace file: hostile input, perhaps cut off where a disk was full or a machine died.
#pragma once

#include "rules/result.h"
#include "tracer/trace/record.h"

#include <filesystem>
#include <string>
#include <vector>

namespace initorder::trace {

struct Trace {
  std::vector<Record> records; ///< never empty; the first is a Began
  bool cut_off = false;        ///< the last line is not complete; what stands before it is
  bool finished() const { return std::holds_alternative<Finished>(records.back().what); }
  const Began &began() const { return std::get<Began>(records.front().what); }
};

/// `path` may be a pipe; "-" is standard input. A mistake is told as "file:line: what". At most 1 GiB, 2 million
/// records, and 1 MiB a line are read. Errors: gone, denied, malformed, unsupported (too large).
Result<Trace> read_trace(const std::filesystem::path &path);

} // namespace initorder::trace
