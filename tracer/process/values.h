// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a call is given and gives back, as a pack wants it written down.
#pragma once

#include "rules/library_pack.h"
#include "tracer/process/process.h"
#include "tracer/trace/record.h"

#include <span>
#include <vector>

namespace initorder {

/// At the call. A function's Frame has only its address yet.
std::vector<trace::Value> values_in(const std::vector<TracedArgument> &wanted, std::span<const std::uint64_t> arguments,
                                    AddressSpace &space);
/// After the return: what out_integer and out_pointer arguments point to.
std::vector<trace::Value> values_out(const std::vector<TracedArgument> &wanted, std::span<const std::uint64_t> arguments,
                                     AddressSpace &space);

} // namespace initorder
