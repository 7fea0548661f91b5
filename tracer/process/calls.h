// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls of the functions that packs name: their arguments, effects, stack, and what they return.
#pragma once

#include "tracer/process/watch_context.h"

namespace initorder {

class Calls {
public:
  explicit Calls(WatchContext &context) : context_(context) {}

  void called(Thread &thread, const arch::Registers &registers, std::uint32_t probe, RemoteAddr at);
  /// A process has been forked, with memory of its own: what is seen only the first time is seen there again.
  void forked(AddressSpace &child);
  /// The call that `pending` waits for has come back.
  void returned(Thread &thread, const arch::Registers &registers, const PendingReturn &pending);

private:
  void forget_left(Thread &thread, RemoteAddr sp, std::uint32_t probe);
  unsigned budget(std::uint32_t probe) const;
  bool within_budget(Thread &thread, std::uint32_t probe, RemoteAddr at);
  void say_if_spent(Thread &thread, std::uint32_t probe);

  WatchContext &context_;
  std::uint64_t last_call_ = 0;
};

} // namespace initorder
