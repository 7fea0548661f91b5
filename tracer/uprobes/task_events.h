// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Forks, ends and exec()s on this machine, as the kernel tells them to whoever asks for a "dummy" perf event on each CPU: no
// process is touched for that, and none is missed.
#pragma once

#include "rules/result.h"
#include "tracer/uprobes/descriptor.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <sys/types.h>

namespace initorder::uprobes {

struct TaskEvent {
  enum class Kind : std::uint8_t { began, ended, executed, missing };
  Kind kind{};
  std::uint64_t at = 0;      ///< CLOCK_MONOTONIC, nanoseconds
  pid_t pid = 0, tid = 0;
  pid_t parent = 0, parent_thread = 0; ///< of `began`; as a thread it has its parent's pid
  std::uint64_t count = 0;   ///< of `missing`: so many have not been told
};

class TaskEvents {
public:
  /// Errors: denied, unsupported.
  static Result<TaskEvents> open();
  TaskEvents(TaskEvents &&) noexcept;
  TaskEvents &operator=(TaskEvents &&) = delete;
  ~TaskEvents();

  /// One for each CPU; readable when there is something.
  std::vector<int> descriptors() const;
  /// CPU by CPU, each in order.
  void drain(const std::function<void(const TaskEvent &)> &take);

private:
  struct Ring;
  explicit TaskEvents(std::vector<std::unique_ptr<Ring>> rings);
  std::vector<std::unique_ptr<Ring>> rings_;
};

} // namespace initorder::uprobes
