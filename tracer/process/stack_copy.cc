// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/stack_copy.h"

#include <algorithm>
#include <cstring>

namespace initorder {

constexpr std::size_t kRedZone = 128; ///< below the stack pointer (x86-64 psABI)
constexpr std::size_t kFirst = 16 << 10;
constexpr std::size_t kMost = 256 << 10; ///< a stack that is deeper is cut off

StackCopy::StackCopy(const elf::UnwindRegisters &from, const elf::ProcessMemory &memory)
    : memory_(memory), from_(from), begin_(RemoteAddr{from.sp() - kRedZone}) {
  for (std::size_t had = 0, more = kFirst; had < kMost; more = had) {
    bytes_.resize(had + more);
    const std::size_t got = memory.read_some(begin_ + had, std::span(bytes_).subspan(had));
    bytes_.resize(had + got);
    if (got < more)
      break; // its end
    had += got;
  }
}

std::size_t StackCopy::read_some(RemoteAddr from, std::span<std::byte> out) const {
  if (from < begin_ || number(from) - number(begin_) >= bytes_.size())
    return 0;
  const std::size_t at = number(from) - number(begin_);
  const std::size_t count = std::min(out.size(), bytes_.size() - at);
  std::memcpy(out.data(), bytes_.data() + at, count);
  return count;
}

Result<void> StackCopy::read(RemoteAddr from, std::span<std::byte> out) const {
  if (read_some(from, out) == out.size())
    return {};
  if (const auto read = memory_.read(from, out); !read && read.error().kind != Error::Kind::malformed)
    std::ranges::fill(out, std::byte{0});
  else if (!read)
    return read.error();
  return {};
}

} // namespace initorder
