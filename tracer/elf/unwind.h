// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Call stacks of a stopped thread through stripped libraries: libunwind with accessors of our own. Text and unwind
// tables come from the files (mapped once), the stack from one read of the process, rows from libunwind's cache.
#pragma once

#include "tracer/address.h"
#include "tracer/elf/link_map.h"
#include "tracer/remote_memory.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace initorder::elf {

/// The registers that unwinding starts from. x86-64: DWARF numbers 0–15 (rax rdx rcx rbx rsi rdi rbp rsp r8–r15), 16 rip.
struct UnwindRegisters {
  std::array<std::uint64_t, 17> value{};
  std::uint64_t pc() const { return value[16]; }
  std::uint64_t sp() const { return value[7]; }
};

/// The objects of one process, sorted by address. Shared by processes forked from each other until one of them loads
/// or unloads something: then that one gets a layout of its own, so that cached rows never lie.
class Layout {
public:
  explicit Layout(std::vector<Loaded> objects);
  /// After more was loaded: keeps what `before` has learned, if all of its objects are still in their places.
  Layout(std::vector<Loaded> objects, const Layout &before);
  Layout(const Layout &) = delete;
  Layout &operator=(const Layout &) = delete;
  ~Layout();
  const std::vector<Loaded> &objects() const; ///< in load order
  /// The object with a segment at the address, or null.
  const Loaded *at(RemoteAddr address) const;

  /// Return addresses, innermost first; [0] is the pc itself. At most `limit`. Ends where the tables end: a partial stack
  /// is what can be known. `memory` is read once in large pieces around the stack pointer. Not for two threads at once.
  std::vector<RemoteAddr> stack(const UnwindRegisters &from, const RemoteMemory &memory, unsigned limit) const;

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace initorder::elf
