// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a call means by what it is given, however it was seen.
#pragma once

#include "rules/probes.h"
#include "tracer/trace/record.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace initorder {

/// One more than the highest argument that the packs speak of.
unsigned argument_count(const Probe &probe);

/// Those of the packs' effects whose tests the arguments pass.
std::vector<std::string> effects_of(const Probe &probe, std::span<const std::uint64_t> arguments);

/// Whether what it returns is worth writing down. Others may return nothing: then the register holds what it happens to hold.
bool has_result(const LibraryFunction &function);

} // namespace initorder
