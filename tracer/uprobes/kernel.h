// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernel uprobes, as bpf(2) gives them: one link holds all places of one file in one process (BPF_TRACE_UPROBE_MULTI, Linux
// 6.6). The kernel takes the places away when the link's descriptor closes, however it closes.
//
// Why not perf_event_open(2), measured on Linux 6.18 with 12 processes and 40 places (2 busy cores):
//                          opened in   taken away in   after SIGKILL   descriptors
//   perf, event per task   0.03 s      31 s            19 s            480, each closed under the kernel's event_mutex
//   perf, all processes    0.04 s      3.4 s           3.1 s           80; breakpoints in every process of the machine
//   perf, inherit=1        -           -               -               the server's fork() fails: the kernel reads attr.uprobe_path
//                                                                      anew at each fork, in the server's memory
//   a link per process     0.004 s     0.3 s           0.2 s           12
// A process has a link for each of its files with places, and one more for returns: Kamailio with 11 processes has about 100, and a
// tracer that is killed is gone after 2.3 s, in which its uprobes vanish one by one. 100 processes with 8 files are 800 links and
// more (perf: 4,000 events for 40 places; 256,000 on 64 CPUs if they could be inherited), by the same measure 20 s. Closed in
// order, by threads that share the kernel's grace periods (closer.h), it is a fraction of that.

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
