// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <optional>

namespace initorder {

struct TraceEnd {
  enum class Why : std::uint8_t {
    all_ended,   ///< every process of the family
    detached,    ///< let go: the server goes on
    interrupted, ///< let go because a signal to us said so
    lost,        ///< the guardian was killed: what the server does since is not known
  };
  Why why = Why::all_ended;
  std::optional<int> exit_status;     ///< of the command; none: killed, or still running
  std::optional<int> signal;          ///< that killed it
};

} // namespace initorder
