// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "tracer/elf/unwind.h"
#include "tracer/trace/record.h"

#include <vector>

namespace initorder {

/// Where the address lies; its name is for others to find.
trace::Frame frame_of(const elf::Layout &layout, RemoteAddr address);

/// Function pointers among the values are addresses, and become places in objects.
void place_functions(std::vector<trace::Value> &values, const elf::Layout &layout);

} // namespace initorder
