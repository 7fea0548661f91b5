// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A record on its way between our two processes, which are one program: as it lies in memory, without the names of a trace
// file's line. A tenth of the work, and the guardian does it while the server waits for the processor.
#pragma once

#include "tracer/trace/record.h"

#include <optional>
#include <string>
#include <string_view>

namespace initorder {

void append_bytes(std::string &out, const trace::Record &record);

/// None: not what append_bytes() writes.
std::optional<trace::Record> record_of_bytes(std::string_view bytes);

} // namespace initorder
