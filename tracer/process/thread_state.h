// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A thread as /proc shows it now (proc_pid_status(5)).
#pragma once

#include <cstdint>

#include <sys/types.h>

namespace initorder {

struct ThreadState {
  char state = 0;             ///< R, S, D, T, t, Z, X, I; 0: there is no such thread
  pid_t process = 0;          ///< Tgid
  pid_t parent = 0;           ///< PPid
  pid_t tracer = 0;           ///< TracerPid; 0: none
  std::uint64_t pending = 0;  ///< SigPnd: signals to this thread alone
  bool has_pending(int signal) const { return pending >> (signal - 1) & 1; }
};

ThreadState state_of(pid_t tid);

} // namespace initorder
