// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/uprobes/copied_memory.h"

#include <algorithm>
#include <cstring>

namespace initorder::uprobes {

arch::Registers registers_of(const Hit &hit) {
  arch::Registers out{};
  static_assert(sizeof hit.registers <= sizeof out && offsetof(arch::Registers, rsp) == 8 * kStackPointer);
  std::memcpy(&out, hit.registers, sizeof hit.registers);
  return out;
}

CopiedMemory::CopiedMemory(const Hit &hit, const RemoteMemory &live)
    : begin_(RemoteAddr{hit.registers[kStackPointer]}), bytes_(hit.stack, hit.stack + hit.stack_bytes), live_(live) {}

void CopiedMemory::put_back(RemoteAddr at, RemoteAddr return_address) {
  if (at < begin_ || copied(at, sizeof return_address).size() < sizeof return_address)
    return;
  std::memcpy(bytes_.data() + (number(at) - number(begin_)), &return_address, sizeof return_address);
}

std::span<const std::byte> CopiedMemory::copied(RemoteAddr from, std::size_t most) const {
  if (from < begin_ || number(from) - number(begin_) >= bytes_.size())
    return {};
  const std::size_t at = number(from) - number(begin_);
  return std::span(bytes_).subspan(at, std::min(most, bytes_.size() - at));
}

std::size_t CopiedMemory::read_some(RemoteAddr from, std::span<std::byte> out) const {
  // Who unwinds may begin below the stack pointer: that part is not in the copy, what is above it has to come from there.
  std::size_t done = 0;
  if (from < begin_) {
    const std::size_t below = std::min<std::size_t>(out.size(), number(begin_) - number(from));
    done = live_.read_some(from, out.first(below));
    if (done < below)
      return done;
  }
  const auto known = copied(from + done, out.size() - done);
  std::copy(known.begin(), known.end(), out.begin() + static_cast<std::ptrdiff_t>(done));
  done += known.size();
  return done == out.size() ? done : done + live_.read_some(from + done, out.subspan(done));
}

Result<void> CopiedMemory::read(RemoteAddr from, std::span<std::byte> out) const {
  if (read_some(from, out) == out.size())
    return {};
  return live_.read(from, out);
}

} // namespace initorder::uprobes
