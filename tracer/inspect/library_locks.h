// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Locks that are no mutexes, such as CPython's GIL: who waits for one, and who has it.
#pragma once

#include "rules/library_pack.h"
#include "tracer/inspect/thread_layout.h"
#include "tracer/inspect/waits.h"

#include <vector>

namespace initorder::inspect {

/// A library's lock in one object of a process.
struct LockVariable {
  RemoteAddr at{};
  const LibraryLock *lock = nullptr;
  std::string object; ///< file name
};

/// Where the packs' libraries have their locks. Holds for all processes that have these objects.
std::vector<LockVariable> find_lock_variables(const Image &image, const std::vector<LibraryPack> &libraries);

/// Says of the waits which of these locks they are for, and who has it: for certain, or not at all. `main`: the server's
/// main process; null: it is that one, or there is none.
void name_locks(const Image &image, const std::vector<LockVariable> &variables, const ThreadLayout &layout,
                const Process *main, Patience &patience, Process &process);

} // namespace initorder::inspect
