// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Who waits for what: threads asleep in futex(2), by the system call's own arguments and a stack that holds still as
// long as they sleep.
#pragma once

#include "tracer/inspect/image.h"

#include <chrono>

namespace initorder::inspect {

// A thread that waits for CPython's GIL wakes every 5 ms. On a busy machine it is then kept from the processor for as
// long again, and all that is seen of it is that it would run.
constexpr int kMostLooks = 60; ///< at a thread that wakes and sleeps again meanwhile
constexpr std::chrono::microseconds kBetweenLooks{500};

/// Fills system_call, stack and wait of the threads. The stack of a thread that moved while it was read is left out.
/// `has_glibc`: mutexes are laid out as glibc's are; of others nothing is told but who waits.
void read_waits(const Image &image, bool has_glibc, std::vector<Thread> &threads);

/// Says of each mutex's owner where it lives. Errs on the side of `unknown`.
void find_owners(Family &family);

} // namespace initorder::inspect
