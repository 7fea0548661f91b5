// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analyzer/facts/facts.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace initorder {

/// The arguments of a call that are constants.
using KnownArguments = std::vector<std::optional<std::int64_t>>;

KnownArguments known_arguments(const CallFact &call);

/// Whether `arguments` decide any branch of the function: where they do not, it is the same for all callers.
bool decided_by_arguments(const FunctionFacts &function, const KnownArguments &arguments);

/// Which blocks a call with these arguments can reach, by block number. A parameter that the function
/// itself changes counts as unknown. No way leads on from a block that `is_last`.
std::vector<bool> reachable_blocks(const FunctionFacts &function, const KnownArguments &arguments,
                                   const std::function<bool(const Block &)> &is_last = {});

} // namespace initorder
