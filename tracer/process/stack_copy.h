// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A stopped thread's registers and the stack above its stack pointer, to be unwound when the thread runs again. All else that
// unwinding may ask for is what a relocation has written once, the address of a personality routine (DW_EH_PE_indirect).
// It is asked of the process as it runs; of one that has ended it reads as 0, and nobody calls it.
#pragma once

#include "tracer/elf/process_memory.h"
#include "tracer/elf/unwind.h"
#include "tracer/remote_memory.h"

#include <vector>

namespace initorder {

class StackCopy final : public RemoteMemory {
public:
  StackCopy(const elf::UnwindRegisters &from, const elf::ProcessMemory &memory);
  /// As Layout::stack().
  std::vector<RemoteAddr> unwind(const elf::Layout &layout, unsigned limit) const { return layout.stack(from_, *this, limit); }

  Result<void> read(RemoteAddr from, std::span<std::byte> out) const override;
  std::size_t read_some(RemoteAddr from, std::span<std::byte> out) const override;

private:
  elf::ProcessMemory memory_;
  elf::UnwindRegisters from_;
  RemoteAddr begin_;
  std::vector<std::byte> bytes_;
};

} // namespace initorder
