// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernel uprobes, as bpf(2) gives them: one link holds all places of one file in one process (BPF_TRACE_UPROBE_MULTI, Linux
// 6.6). The kernel takes the places away when the link's descriptor closes, however it closes.
//
// Why not perf_event_open(2), measured on Linux 6.18 with 12 processes and 40 places (2 busy cores):
//                          opened in   taken away in   descriptors
//   perf, event per task   1.3 s       21 s            480          45 ms each: a grace period under the kernel's event_mutex
//   perf, inherit=1        -           -               -            the kernel reads attr.uprobe_path again at each fork, in the
//                                                                   server's memory: the server's fork() fails
//   perf, all processes    0.2 s       3.6 s           80           breakpoints in every process of the machine
//   a link per process     0.003 s     0.21 s          12           0.15 s after SIGKILL
// A perf event of a task also costs each of its context switches; a link costs nothing until it is hit. With 100 processes on
// 64 CPUs and 8 files: 800 links instead of 4,000 events (256,000 if forks were to inherit them).
#pragma once

#include "rules/result.h"
#include "tracer/uprobes/descriptor.h"
#include "tracer/uprobes/hit.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <sys/types.h>

namespace initorder::uprobes {

/// A place in a file, and what its hits carry.
struct Place {
  std::uint64_t offset = 0; ///< in the file
  std::uint64_t cookie = 0;
};

enum class Moment : std::uint8_t { call, ret };

/// The two programs, the ring that they write to, and the slots.
class Kernel {
public:
  /// Errors: unsupported (no such uprobes; a process namespace of our own, whose numbers the kernel's side does not use), denied.
  static Result<Kernel> open();
  Kernel(Kernel &&) noexcept;
  Kernel &operator=(Kernel &&) = delete;
  ~Kernel();

  static constexpr std::uint32_t kSlots = 1 << 16;
  Slot &slot(std::uint32_t index);

  /// `file` is opened by the kernel. Errors: unsupported (not at each of these places), gone, denied.
  Result<Descriptor> link(const std::string &file, pid_t pid, Moment moment, std::span<const Place> places) const;

  /// Readable when there are hits.
  int descriptor() const;
  /// Hands over what has been written, in the order in which it happened; a hit lives until `take` returns.
  void drain(const std::function<void(const Hit &)> &take);

private:
  struct Parts;
  explicit Kernel(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

} // namespace initorder::uprobes
