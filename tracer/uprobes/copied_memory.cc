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
  const auto known = copied(from, out.size());
  std::copy(known.begin(), known.end(), out.begin());
  return known.size() == out.size() ? out.size()
                                    : known.size() + live_.read_some(from + known.size(), out.subspan(known.size()));
}

Result<void> CopiedMemory::read(RemoteAddr from, std::span<std::byte> out) const {
  if (const auto known = copied(from, out.size()); known.size() == out.size()) {
    std::copy(known.begin(), known.end(), out.begin());
    return {};
  }
  return live_.read(from, out);
}

} // namespace initorder::uprobes
