// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A record as one line of a trace file, and back. trace-schema-1.json describes the lines.
#pragma once

#include "rules/result.h"
#include "tracer/trace/record.h"

#include <string>
#include <string_view>

namespace initorder::trace {

/// The first line of a file says it: {"initorder-trace": 1, ...}. Another number is another format.
inline constexpr int kSchema = 1;

/// The record as JSON on one line, without the newline. Members that have their usual value (empty, 0, false) are left
/// out. Bytes that are not UTF-8 (a path may hold any) become U+FFFD.
std::string line_of(const Record &record);

/// The opposite. The line is hostile: each member is checked for its kind and range; those that are not known are
/// passed over. Errors: malformed, unsupported (another schema); `where` is left empty.
Result<Record> record_of(std::string_view line);

} // namespace initorder::trace
