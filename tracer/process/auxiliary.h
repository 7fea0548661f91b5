// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include <sys/types.h>

namespace initorder {

/// The kernel's auxiliary vector (getauxval(3)); 0: not there.
struct Auxiliary {
  std::uint64_t entry = 0;      ///< AT_ENTRY
  std::uint64_t loader_base = 0; ///< AT_BASE
};

Auxiliary read_auxiliary(pid_t pid);

} // namespace initorder
