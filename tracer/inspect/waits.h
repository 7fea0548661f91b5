// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Who waits for what: threads asleep in futex(2), by the system call's own arguments and a stack that holds still as
// long as they sleep.
#pragma once

#include "tracer/inspect/image.h"

namespace initorder::inspect {

/// How often a look at a family may wait for threads that wake and sleep again. One that waits for CPython's GIL wakes
/// every 5 ms; on a busy machine it is then kept from the processor for as long again, and seems to run.
class Patience {
public:
  /// Waits for half a millisecond. False: it has not, there was enough of it.
  bool wait_a_moment();

private:
  int left_ = 150; ///< so that a look takes less than 0.1 s
};
constexpr int kMostLooks = 60; ///< at one thread, or one lock

/// Fills system_call, stack and wait of the threads. The stack of a thread that moved while it was read is left out.
/// `has_glibc`: mutexes are laid out as glibc's are; of others nothing is told but who waits.
void read_waits(const Image &image, bool has_glibc, Patience &patience, std::vector<Thread> &threads);

/// Says of each mutex's owner where it lives. Errs on the side of `unknown`.
void find_owners(Family &family);

} // namespace initorder::inspect
