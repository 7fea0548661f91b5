// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analyzer/facts/facts.h"

#include <cstdint>
#include <unordered_set>
#include <vector>

namespace initorder {

/// A local, a parameter or the result of a call, as one number.
enum class Own : std::uint32_t {};

constexpr Own own(Expr::Kind kind, std::uint32_t index) {
  const std::uint32_t tag = kind == Expr::Kind::local ? 0 : kind == Expr::Kind::parameter ? 1 : 2;
  return static_cast<Own>(index << 2 | tag);
}

/// For each block, what may still be read from its start on. States that differ in nothing else are the same.
std::vector<std::unordered_set<Own>> live_at_entry(const FunctionFacts &function);

} // namespace initorder
