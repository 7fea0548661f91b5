// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What packs say of each other.
#pragma once

#include "rules/packs.h"

namespace initorder {

/// Names must be unique, and what a check or a milestone mentions must be defined. Malformed (a name twice), unknown.
std::vector<Error> cross_mistakes(const Packs &packs);

/// The first of them, if there is one.
Result<void> cross_check(const Packs &packs);

} // namespace initorder
