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

/// Whether all processes of that server could be seized now: nothing is done.
/// Errors: gone, denied (no permission, another tracer), unsupported (32-bit; this program itself).
Result<std::vector<pid_t>> check_family(pid_t pid);

/// All processes and threads of the server that `pid` belongs to, parents before their children. What begins meanwhile
/// is traced too: it is among them, or its creator is and will report it. Errors: as check_family().
Result<std::vector<SeizedProcess>> seize_family(pid_t pid);

} // namespace initorder
