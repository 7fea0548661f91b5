// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A process that stands still for as long as it is read. ptrace(2): PTRACE_SEIZE and PTRACE_INTERRUPT send no signal and
// write nothing; the kernel itself lets everything go when the thread that seized it ends, however it ends.
#pragma once

#include "rules/result.h"
#include "tracer/inspect/target.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <utility>

namespace initorder::inspect {

/// All threads of one process, stopped. Belongs to the thread that made it: only that may use it and let it go.
class Stop {
public:
  /// Returns once the last thread stands still. Errors: gone; denied (says by whom it is traced, or what to grant);
  /// unsupported: a thread does not stop within a quarter of a second, as one that waits for its vfork() child. That
  /// one is let go only when the calling thread ends.
  static Result<Stop> of(pid_t pid);
  Stop(Stop &&other) noexcept
      : pid_(other.pid_), began_(other.began_), seized_(std::exchange(other.seized_, {})) {}
  Stop &operator=(Stop &&) = delete;
  ~Stop() { let_go(); }

  /// Gives the target's threads their registers, and with them where they sleep.
  void describe(Target &target) const;
  /// How long it has stood, at most. What was about to be delivered is; what had been stopped by a signal before stays so.
  std::chrono::nanoseconds let_go();

private:
  struct Seized {
    bool stopped = false;
    int signal = 0; ///< that was about to be delivered
  };
  explicit Stop(pid_t pid) : pid_(pid), began_(std::chrono::steady_clock::now()) {}
  Result<void> seize_all();
  Result<bool> seize_new();
  Result<void> await(pid_t tid, Seized &thread) const;

  pid_t pid_;
  std::chrono::steady_clock::time_point began_;
  std::map<pid_t, Seized> seized_;
};

} // namespace initorder::inspect
