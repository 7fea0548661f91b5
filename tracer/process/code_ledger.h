// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which bytes of code are not the server's own at this moment, in memory that two processes share: the one that puts
// breakpoints in writes it, and the one that outlives it puts the bytes back.
//
//   t0 the byte is noted; t1 the breakpoint is written; t2 the byte is written back; t3 it is forgotten
//
// Killed at any time, the writer leaves at most what is noted. The exception are children that were forked and not
// reported yet: they have what their parent had.
#pragma once

#include "rules/result.h"
#include "tracer/address.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sys/types.h>

namespace initorder {

class CodeLedger {
public:
  using Slot = std::uint32_t;
  static constexpr Slot kFull = ~Slot{0}; ///< there is no room: do not write

  /// Errors: denied (no memory).
  static Result<CodeLedger *> make();
  CodeLedger(const CodeLedger &) = delete;

  // The writer.
  enum class Of : std::uint8_t { breakpoint, borrowed_place };
  Slot note(pid_t process, RemoteAddr at, std::byte own, Of of = Of::breakpoint);
  void hand_over(Slot slot, pid_t process);
  void forget(Slot slot);

  // Whoever is left.
  struct Restored {
    std::size_t bytes = 0;     ///< that were not the server's own
    std::size_t processes = 0; ///< that were looked at
  };
  Restored restore() const;

private:
  struct Entry;
  CodeLedger(Entry *entries) : entries_(entries) {}

  Entry *const entries_;
  Slot used_ = 0;           ///< slots from here on were never taken
  std::vector<Slot> free_;
};

} // namespace initorder
