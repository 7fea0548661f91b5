// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "tracer/remote_memory.h"

#include <cstddef>
#include <span>

#include <sys/types.h>

namespace initorder::elf {

/// A live process's memory, read without stopping it: process_vm_readv(2), and /proc/PID/mem where that is not allowed
/// (a container's seccomp filter) or not enough (memory that may be executed, not read). A thread's id is as good as
/// its process's. Nothing is held open: after an exec it is the new program's memory.
class ProcessMemory final : public RemoteMemory {
public:
  explicit ProcessMemory(pid_t process) : process_(process) {}
  /// Errors: gone, denied, malformed (not all of it is mapped).
  Result<void> read(RemoteAddr from, std::span<std::byte> out) const override;
  std::size_t read_some(RemoteAddr from, std::span<std::byte> out) const override;

private:
  pid_t process_;
};

} // namespace initorder::elf
