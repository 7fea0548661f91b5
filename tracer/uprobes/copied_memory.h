// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a thread's stack held when it was hit, and the rest of its process's memory as it is now.
#pragma once

#include "tracer/process/x86_64.h"
#include "tracer/remote_memory.h"
#include "tracer/uprobes/hit.h"

#include <span>
#include <vector>

namespace initorder::uprobes {

arch::Registers registers_of(const Hit &hit);

class CopiedMemory final : public RemoteMemory {
public:
  /// Refers to `live`.
  CopiedMemory(const Hit &hit, const RemoteMemory &live);
  /// The kernel has put its own return address there for a return that is waited for; this is the one that was there.
  void put_back(RemoteAddr at, RemoteAddr return_address);

  Result<void> read(RemoteAddr from, std::span<std::byte> out) const override;
  std::size_t read_some(RemoteAddr from, std::span<std::byte> out) const override;

private:
  std::span<const std::byte> copied(RemoteAddr from, std::size_t most) const;

  RemoteAddr begin_;
  std::vector<std::byte> bytes_;
  const RemoteMemory &live_;
};

} // namespace initorder::uprobes
