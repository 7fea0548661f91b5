// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What packs say of each other.
#pragma once

#include "rules/packs.h"

namespace initorder {

/// Names must be unique, and what a check or a milestone mentions must be defined. Errors: malformed
/// (a name twice), unknown.
Result<void> cross_check(const Packs &packs);

} // namespace initorder
