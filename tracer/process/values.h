// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a call is given and gives back, as a pack wants it written down.
#pragma once

#include "rules/library_pack.h"
#include "tracer/process/process.h"
#include "tracer/trace/record.h"

#include <span>
#include <vector>

namespace initorder {

/// Where values are looked up.
struct Surroundings {
  Surroundings(AddressSpace &space)
      : memory(space.memory), mappings(space.mappings), layout(space.layout.get()), process(space.reader) {}
  Surroundings(const RemoteMemory &memory, std::optional<elf::Mappings> &mappings, const elf::Layout *layout, pid_t process)
      : memory(memory), mappings(mappings), layout(layout), process(process) {}

  const RemoteMemory &memory;
  std::optional<elf::Mappings> &mappings; ///< opened when first asked
  const elf::Layout *layout;              ///< null: not known
  pid_t process;
};

/// At the call. A function's Frame has only its address yet.
std::vector<trace::Value> values_in(const std::vector<TracedArgument> &wanted, std::span<const std::uint64_t> arguments,
                                    const Surroundings &around);
/// After the return: what out_integer and out_pointer arguments point to.
std::vector<trace::Value> values_out(const std::vector<TracedArgument> &wanted, std::span<const std::uint64_t> arguments,
                                     const Surroundings &around);

} // namespace initorder
