// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Follows a server that runs already by kernel uprobes: no thread of it is stopped, and nothing is written into it by us. When
// this program ends, however it ends, the kernel takes the uprobes away (kernel.h has the numbers).
//
// What the kernel itself leaves in a process where a uprobe was hit is its own page "[uprobes]", mapped until that process ends.
// What is not seen, beside what breakpoints do not see either:
//   - phases of the host and its modules' turns in them: calls stand in no phase;
//   - what a forked process calls, and calls of the functions of a newly loaded object, before they are armed, about a
//     millisecond later; the trace says for each how long that was;
//   - what a process loads after its first thread has ended, if others run on; the trace says so;
//   - calls of functions for which the places (Kernel::kSlots) do not suffice; the trace says how many;
//   - a process's exit status, its signals, and what it does after exec().
// Values in registers and on the stack are those of the call; what else a pointer leads to is read a moment later.
#pragma once

#include "tracer/process/follow.h"

#include <sys/types.h>

namespace initorder::uprobes {

/// Whether this kernel and our rights allow it. Errors: unsupported, denied.
Result<void> can_follow();

/// Follows all processes of the server that `pid` belongs to. Errors: unsupported, denied, gone, unknown (host).
Result<TraceEnd> follow(pid_t pid, const FollowOptions &options, trace::Sink &sink);

} // namespace initorder::uprobes
