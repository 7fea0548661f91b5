// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Runs the instruction under a breakpoint without letting other threads pass it unseen.
#pragma once

#include "tracer/process/process.h"

namespace initorder {

/// Runs it before anything else is done at the stop, on the registers: killed after that, we leave a thread that goes on as if
/// nothing had been. `registers` as below. False: nothing was done, the instruction writes what is still to be looked at (at or
/// above the stack pointer), or cannot be done so.
bool pass_at_once(const Tracee &tracee, const Breakpoints::Site &site, arch::Registers registers);

/// `registers` are the thread's, with pc at the breakpoint `at`; they are written back. True: the thread stands behind the
/// instruction (or at it, if the breakpoint has been taken away meanwhile). False: the instruction did not run, pc is
/// still at it, and the thread's new stop is in `status`.
bool step_over(const Tracee &tracee, AddressSpace &space, RemoteAddr at, arch::Registers registers, int &status);

} // namespace initorder
