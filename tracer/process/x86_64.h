// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// All that the tracer knows of x86-64: registers, the calling convention (System V ABI 3.2), the breakpoint instruction,
// and which instructions it can do by itself. Another machine is another file with these names.
#pragma once

#include "tracer/address.h"
#include "tracer/elf/unwind.h"
#include "tracer/remote_memory.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <sys/user.h>

namespace initorder::arch {

using Registers = ::user_regs_struct;

constexpr std::byte kBreakpoint{0xcc};     ///< int3; the thread stops behind it
constexpr std::size_t kLongestCode = 15;   ///< of one instruction

/// What an emulated instruction may do to memory; false: it could not, and nothing was done.
struct CodeMemory {
  virtual ~CodeMemory() = default;
  virtual bool load(RemoteAddr from, std::span<std::byte> out) const = 0;
  virtual bool store(RemoteAddr to, std::uint64_t value, unsigned bytes) = 0;
};

inline RemoteAddr pc(const Registers &registers) { return RemoteAddr{registers.rip}; }
inline RemoteAddr sp(const Registers &registers) { return RemoteAddr{registers.rsp}; }
inline void set_pc(Registers &registers, RemoteAddr to) { registers.rip = number(to); }
inline std::int64_t result(const Registers &registers) { return static_cast<std::int64_t>(registers.rax); }

/// An integer argument of the function at whose first instruction the thread stands; from 0. None: on the stack, and unreadable.
std::optional<std::uint64_t> argument(const Registers &registers, unsigned index, const RemoteMemory &memory);
/// Where that function returns to, and the stack pointer then.
std::optional<RemoteAddr> return_address(const Registers &registers, const RemoteMemory &memory);
inline RemoteAddr sp_after_return(const Registers &registers) { return sp(registers) + 8; }

elf::UnwindRegisters unwind_registers(const Registers &registers);

/// Does what the instruction `code` at pc does, and moves pc. False: not one of those that are understood; nothing done.
bool emulate(Registers &registers, std::span<const std::byte> code, CodeMemory &memory);

/// An instruction that does at another address what a given one does where it stands, and falls through to the next.
struct Moved {
  std::array<std::byte, kLongestCode> code{};
  std::size_t length = 0;
  std::size_t length_before = 0; ///< of the given one
  /// A register that it does not use, which has to hold the address behind the given one: it names memory by its distance
  /// from there. Null: it does not.
  unsigned long long Registers::*base = nullptr;
};
/// None: it jumps, enters the kernel, or traps.
std::optional<Moved> moved(std::span<const std::byte> code);

/// Whether a single step does only one round of it (rep movsb).
bool repeats(std::span<const std::byte> code);

/// Where the work is done in a function that first asks whether there is any: the target of its first conditional branch,
/// and of the jump that may stand there. `code` begins at `function`.
std::optional<RemoteAddr> slow_path(std::span<const std::byte> code, RemoteAddr function);

/// A constructor of the C runtime: crti's _init, which at most asks for __gmon_start__, and crtstuff's frame_dummy, which
/// jumps away. Every object has them, and they do nothing.
bool is_runtime_stub(std::span<const std::byte> code);

} // namespace initorder::arch
