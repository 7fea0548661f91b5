// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where in an object the functions that packs name are to be looked at.
#pragma once

#include "rules/probes.h"
#include "tracer/elf/object.h"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace initorder {

/// At most `most` bytes of code; empty: the file has none there.
std::span<const std::byte> code_at(const elf::Object &object, FileAddr address, std::size_t most);

/// The number of each probe that the object defines, from `first` on, with its place: the function's first instruction, or
/// where its slow path begins.
std::vector<std::pair<std::uint32_t, FileAddr>> places_in(const elf::Object &object, std::span<const Probe> probes,
                                                          std::uint32_t first = 0);

} // namespace initorder
