// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One stopped thread, as ptrace(2) lets us read and change it. A thread may vanish at any time (SIGKILL): then each of
// these answers false or an Error, and the wait that follows says so.
#pragma once

#include "rules/result.h"
#include "tracer/process/x86_64.h"

#include <optional>

#include <sys/types.h>

namespace initorder {

class Tracee {
public:
  explicit Tracee(pid_t tid) : tid_(tid) {}
  pid_t tid() const { return tid_; }

  std::optional<arch::Registers> registers() const;
  bool set_registers(const arch::Registers &registers) const;

  /// Goes on; `signal` (0: none) is delivered.
  bool resume(int signal = 0) const;
  /// Stays stopped as its process is, and reports when SIGCONT ends that.
  bool listen() const;
  bool interrupt() const;
  /// Goes on without us, `signal` delivered.
  bool detach(int signal = 0) const;

  /// Runs one instruction at `pc` and waits for that. Signals wait meanwhile, and a stop of the whole process is reported
  /// (again) after it. False: it could not be run (a fault), and its stop is in `status` to be handled as any other.
  bool step(int &status) const;
  /// A trap by the processor has unblocked SIGTRAP, if that was blocked. It is blocked again where it must have been.
  void block_trap_again() const;

private:
  bool step_through_stops(int &status) const;

  pid_t tid_;
};

} // namespace initorder
