// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Brings a server that runs under ptrace, without stopping one of its threads (PTRACE_SEIZE).
#pragma once

#include "rules/result.h"

#include <vector>

#include <sys/types.h>

namespace initorder {

struct SeizedProcess {
  pid_t pid = 0;
  pid_t parent = 0; ///< as the kernel has it; it may be none of the family
  std::vector<pid_t> threads;
};

/// waitpid()'s word of a thread that stopped or ended while the family was seized, for whoever handles stops.
struct EarlyStop {
  pid_t tid = 0;
  int status = 0;
};

struct SeizedFamily {
  std::vector<SeizedProcess> processes; ///< parents before their children; not empty
  std::vector<EarlyStop> stops;         ///< in order of arrival
};

/// Whether all processes of that server could be seized now: nothing is done.
/// Errors: gone, denied (no permission, another tracer), unsupported (32-bit; this program itself).
Result<std::vector<pid_t>> check_family(pid_t pid);

/// All processes and threads of the server that `pid` belongs to. What begins meanwhile is traced too: it is among them, or
/// its creator is and will report it. Threads that run are stopped once, for an instant, those that sleep are not: nobody is
/// in a fork() any more that began untraced, and whose child would be so too. Errors: as check_family().
Result<SeizedFamily> seize_family(pid_t pid);

} // namespace initorder
