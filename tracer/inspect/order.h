// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The order in which a server came up, as far as what it holds now still tells. There are four lists, each in an order of
// its own: objects as they were mapped, keys as they were made, handlers at fork and at exit as they were registered.
// Between the lists one thing is known: what belongs to an object came after that object.
#pragma once

#include "tracer/inspect/picture.h"

#include <optional>
#include <string>
#include <vector>

namespace initorder::inspect {

struct OrderStep {
  enum class Kind { load, key, fork_handler, exit_handler };
  Kind kind = Kind::load;
  unsigned number = 0; ///< in its list; a key's own number
  std::string what;    ///< "libssl.so.3", "error queue", "child OPENSSL_fork_child"
  std::string owner;   ///< file name of an object; empty: cannot tell
  /// Objects that were there before: the first so many of the load order, at least. A load's own number.
  std::size_t not_before = 0;
};

/// Steps of one kind are in their order. Steps of two kinds are not ordered against each other, but for `not_before`.
struct InitOrder {
  std::vector<OrderStep> steps; ///< by `not_before`, then by kind, then in the order of their list
  std::vector<std::string> cannot_tell; ///< one sentence each
};

InitOrder init_order(const Process &process);

} // namespace initorder::inspect
