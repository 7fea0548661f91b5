// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The flag is what a global pointer leads to, and the function leaves the pointer as it is: so somebody else sets it, as a
// rule in shared memory.
#include "analyzer/facts/stop_flags.h"

#include <algorithm>
#include <string>
#include <unordered_set>

namespace initorder {
namespace {

/// *pointer, !*pointer, *pointer == 1: the pointer's name; else empty.
std::string flag_in(const Expr &condition) {
  if (condition.kind == Expr::Kind::logical_not)
    return flag_in(condition.operands.front());
  if (condition.kind == Expr::Kind::compare && condition.operands[1].kind == Expr::Kind::integer)
    return flag_in(condition.operands[0]);
  const bool is_flag = condition.kind == Expr::Kind::dereference && condition.operands.front().kind == Expr::Kind::variable;
  return is_flag ? condition.operands.front().name.text() : "";
}

const Expr &base_of(const Expr &target) {
  const Expr *at = &target;
  while (!at->operands.empty() && at->kind != Expr::Kind::call)
    at = &at->operands.front();
  return *at;
}

std::unordered_set<std::string> flags_of(const FunctionFacts &function) {
  std::unordered_set<std::string> out;
  for (const Block &block : function.blocks)
    if (const std::string name = flag_in(block.condition); !name.empty())
      out.insert(name);
  for (const Block &block : function.blocks)
    for (const Step &step : block.steps)
      if (step.kind == Step::Kind::assign)
        if (const Expr &base = base_of(step.assign.target); base.kind == Expr::Kind::variable)
          out.erase(base.name);
  return out;
}

/// The blocks that can be reached from `from`, itself among them only if a loop leads back.
std::vector<bool> reached_from(const FunctionFacts &function, std::uint32_t from, bool when_told) {
  std::vector<bool> reached(function.blocks.size());
  std::vector<std::uint32_t> pending = {from};
  while (!pending.empty()) {
    const std::uint32_t block = pending.back();
    pending.pop_back();
    for (const Edge &edge : function.blocks[block].edges)
      if (!reached[edge.to] && (when_told || !edge.told)) {
        reached[edge.to] = true;
        pending.push_back(edge.to);
      }
  }
  return reached;
}

} // namespace

void find_stop_flags(FunctionFacts &function) {
  const std::unordered_set<std::string> flags = flags_of(function);
  if (flags.empty())
    return;
  const auto asks = [&](const Expr &condition) {
    return (condition.kind == Expr::Kind::variable && flags.contains(condition.name)) || flags.contains(flag_in(condition));
  };
  for (std::uint32_t b = 0; b < function.blocks.size(); ++b)
    if (asks(function.blocks[b].condition) && reached_from(function, b, true)[b])
      for (Edge &edge : function.blocks[b].edges) {
        edge.told = !reached_from(function, edge.to, true)[b];
        function.serves |= edge.told;
      }
  function.serves_until_told =
      reached_from(function, function.entry, true)[function.exit] && !reached_from(function, function.entry, false)[function.exit];
}

} // namespace initorder
