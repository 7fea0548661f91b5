// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What can be learned from a function's machine code without running it: which addresses it works on, and what it
// passes to the functions that it calls. Where a library keeps a variable that has no symbol is written in the code of a
// function that has one.
//
//   lea rdi, [rip+0x29c144]   a register whose content is known
//   mov rsi, r13              copied
//   call …@plt                a call: what rdi, rsi … hold is what is passed
//
// Read from top to bottom, without the branches. So what is found is a hint: whoever asks has to verify it by what
// stands there.
#pragma once

#include "tracer/inspect/image.h"

#include <array>
#include <optional>
#include <vector>

namespace initorder::inspect {

struct SeenCall {
  RemoteAddr target{}; ///< behind a PLT entry: the function itself
  std::array<std::optional<std::uint64_t>, 6> arguments;
};

struct CodeRead {
  std::vector<SeenCall> calls;        ///< jumps out of the function as well
  std::vector<RemoteAddr> references; ///< addresses that operands name relative to rip, each once, ascending
  std::vector<std::uint64_t> fields; ///< offsets from registers (not the stack's) at which pointers are loaded, in order; never 0
};

inline constexpr std::size_t kMostBytesOfCode = 4096;

/// Of the function that begins at `begin` in `loaded`; if all that it does is to jump, of the one it jumps to. `size`:
/// of it, if that is known.
CodeRead read_code(const Image &image, const elf::Loaded &loaded, FileAddr begin, std::size_t size = kMostBytesOfCode);

/// The function that was called from here, by the call instruction before a return address. None: called through a
/// register or a table.
std::optional<RemoteAddr> called_from(const Image &image, RemoteAddr return_address);

} // namespace initorder::inspect
