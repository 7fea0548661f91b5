// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the kernel's side writes for each call or return: fixed places, so that a program of a few dozen instructions can.
#pragma once

#include <cstddef>
#include <cstdint>

namespace initorder::uprobes {

constexpr unsigned kRegisters = 21;        ///< struct pt_regs of x86-64: as the first ones of user_regs_struct
constexpr unsigned kStackPointer = 19;     ///< its index among them
constexpr std::uint32_t kStackChunk = 1024; ///< is copied as a whole, or not at all
constexpr std::uint32_t kCallChunks = 16;
constexpr std::uint32_t kReturnChunks = 2; ///< for what a caller keeps on its stack to be filled

struct Hit {
  std::uint64_t at;          ///< CLOCK_MONOTONIC, nanoseconds
  std::uint64_t pid_tgid;    ///< tgid above, tid below
  std::uint64_t cookie;      ///< of the Slot: generation above, index below
  std::uint64_t ordinal;     ///< of this place in this process, from 0
  std::uint64_t stack_bytes; ///< of them
  std::uint64_t registers[kRegisters];
  std::byte stack[];         ///< from the stack pointer upwards
};
constexpr std::uint32_t kHeader = 40 + 8 * kRegisters;
static_assert(offsetof(Hit, stack) == kHeader);

/// What the kernel's side and ours share about one place in one process.
struct Slot {
  std::uint64_t seen;       ///< hits so far
  std::uint64_t lost;       ///< of them, not written for want of room
  std::uint32_t generation; ///< only a hit that carries it counts: an old link and its successor are not both heard
  std::uint32_t most;       ///< hits beyond are counted, and not written
};

} // namespace initorder::uprobes
