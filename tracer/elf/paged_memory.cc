// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/elf/paged_memory.h"

#include <algorithm>
#include <cstring>

namespace initorder::elf {

const PagedMemory::Page &PagedMemory::page(std::uint64_t index) const {
  auto &slot = pages_[index];
  if (!slot) {
    slot = std::make_unique<Page>();
    slot->valid = memory_.read_some(RemoteAddr{index * kPage}, slot->bytes) == kPage;
  }
  return *slot;
}

std::size_t PagedMemory::read_some(RemoteAddr from, std::span<std::byte> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const auto at = number(from) + done;
    const auto &found = page(at / kPage);
    if (!found.valid)
      return done + memory_.read_some(from + done, out.subspan(done));
    const auto count = std::min(out.size() - done, kPage - static_cast<std::size_t>(at % kPage));
    std::memcpy(out.data() + done, found.bytes + at % kPage, count);
    done += count;
  }
  return done;
}

Result<void> PagedMemory::read(RemoteAddr from, std::span<std::byte> out) const {
  const auto done = read_some(from, out);
  return done == out.size() ? Result<void>() : memory_.read(from + done, out.subspan(done));
}

} // namespace initorder::elf
