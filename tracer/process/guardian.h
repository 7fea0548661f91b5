// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A tracer in two processes, so that its death hurts nobody.
//
//   front      what the user sees and may kill: options, names and lines, the trace file, the verdict; most of the memory
//   guardian   its child, and the ptracer: stops, breakpoints and nothing else; it never waits for the front
//
// A breakpoint is a byte of the server's code, and a thread that runs into one while nobody traces it dies of SIGTRAP. Hence:
//
//   the front dies, of whatever      its end of the socket closes (and PR_SET_PDEATHSIG): the guardian puts the code right,
//                                    waits until no thread stands in a breakpoint any more, and ends. Nothing is lost but
//                                    the rest of the trace.
//   the front is stopped, or slow    records wait in a bounded buffer, then are left out with a remark
//   the guardian dies, of whatever   the front is told as soon as its end begins (lifeline.h), before the kernel lets the threads
//                                    go (the guardian has one thread, so that the order holds). It puts the code right
//                                    from the ledger, at once.
//
// What remains, and no ptracer can help: a thread that has run into a breakpoint and has not been done with (some
// microseconds: family.cc, on_trap()), or runs into one until the code is right again (about a tenth of a millisecond), when the
// guardian itself is killed with SIGKILL; and all of them when both are killed in the same instant. The guardian has its own
// session and name, so that pkill, killall, a terminal and a kill of the process group do not reach it; with the right to it is
// the last that the kernel kills for want of memory.
#pragma once

#include "tracer/process/lifeline.h"

#include <sys/types.h>

namespace initorder {

/// What ps(1) shows.
inline constexpr char kGuardianName[] = "tracer-guardian";

/// Descriptors of a guardian: all that it has open.
inline constexpr int kFrontSocket = 3, kLifeline = 4;

/// Makes this process, just forked, the guardian of `front`. False: that has died already.
bool become_guardian(int socket, Lifeline &lifeline, pid_t front);

} // namespace initorder
