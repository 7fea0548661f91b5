// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Many small reads from few places: each page is read once and kept.
#pragma once

#include "tracer/remote_memory.h"

#include <memory>
#include <span>
#include <unordered_map>

namespace initorder::elf {

/// For as long as the process cannot run. What no page gives is asked of the memory itself.
class PagedMemory final : public RemoteMemory {
public:
  explicit PagedMemory(const RemoteMemory &memory) : memory_(memory) {}
  Result<void> read(RemoteAddr from, std::span<std::byte> out) const override;
  std::size_t read_some(RemoteAddr from, std::span<std::byte> out) const override;

private:
  static constexpr std::size_t kPage = 4096;
  struct Page {
    std::byte bytes[kPage];
    bool valid = false;
  };
  const Page &page(std::uint64_t index) const;

  const RemoteMemory &memory_;
  mutable std::unordered_map<std::uint64_t, std::unique_ptr<Page>> pages_;
};

} // namespace initorder::elf
