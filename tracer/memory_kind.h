// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernel's word for a piece of memory in the words of a trace.
#pragma once

#include "tracer/elf/mappings.h"
#include "tracer/trace/record.h"

namespace initorder {

constexpr trace::Memory memory_of(elf::MemoryKind kind) {
  switch (kind) {
  case elf::MemoryKind::unmapped: return trace::Memory::unmapped;
  case elf::MemoryKind::heap: return trace::Memory::heap;
  case elf::MemoryKind::stack: return trace::Memory::stack;
  case elf::MemoryKind::data: return trace::Memory::data;
  case elf::MemoryKind::shared: return trace::Memory::shared;
  case elf::MemoryKind::unknown: break;
  }
  return trace::Memory::unknown;
}

} // namespace initorder
