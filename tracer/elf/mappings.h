// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What lies at an address of a live process, as its kernel says it: /proc/PID/maps (proc_pid_maps(5)), or one ioctl for
// one address where the kernel has it.
#pragma once

#include "rules/result.h"
#include "tracer/address.h"
#include "tracer/elf/unwind.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace initorder::elf {

struct Mapping {
  RemoteAddr begin{};
  RemoteAddr end{}; ///< exclusive
  bool readable = false;
  bool writable = false;
  bool executable = false;
  bool shared = false;      ///< MAP_SHARED: what is written here, other processes see
  std::uint64_t offset = 0; ///< in the file
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::uint64_t inode = 0; ///< 0: no file
  std::string path;        ///< also "[heap]", "[stack]", "/SYSV00000000 (deleted)"; empty: anonymous

  friend bool operator==(const Mapping &, const Mapping &) = default;
};

enum class MemoryKind : std::uint8_t {
  unmapped,
  heap,    ///< private and anonymous: brk, malloc's arenas, a private mmap; a thread's stack whose thread is not known
  stack,   ///< the process's first stack, or one that a given stack pointer points into
  data,    ///< of a loaded object (.bss as well), or of a file that is mapped privately
  shared,  ///< a file's, System V's or anonymous
  unknown, ///< reserved without permission (a guard page), or the kernel's own
};

/// What a mapping is by itself: without a Layout .bss looks like heap.
MemoryKind kind_of(const Mapping &mapping);

/// One line of /proc/PID/maps. None: not such a line.
std::optional<Mapping> parse_mapping(std::string_view line);

/// A process's mappings until its next exec. Errors of all: gone, denied, malformed.
class Mappings {
public:
  static Result<Mappings> open(pid_t process);
  Mappings(Mappings &&other) noexcept;
  Mappings &operator=(Mappings &&) = delete;
  ~Mappings();

  /// The mapping that covers an address now. About 1 µs with PROCMAP_QUERY (Linux 6.11); else all lines are read.
  Result<std::optional<Mapping>> at(RemoteAddr address) const;
  /// As at(), always from the text.
  Result<std::optional<Mapping>> at_by_text(RemoteAddr address) const;
  Result<std::vector<Mapping>> all() const;

  /// `layout` may be null. `stack_pointers`: of the process's threads, as far as they are known.
  Result<MemoryKind> kind_at(RemoteAddr address, const Layout *layout,
                             std::span<const RemoteAddr> stack_pointers = {}) const;

private:
  explicit Mappings(int file) : file_(file) {}
  int file_;                      ///< of /proc/PID/maps; -1 once moved from
  mutable bool has_query_ = true; ///< until the kernel says that it has not
};

} // namespace initorder::elf
