// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/judge.h"

namespace initorder::inspect {

std::vector<StuckGroup> stuck_groups(const Family &, const std::vector<LibraryPack> &) {
  return {};
}

} // namespace initorder::inspect
