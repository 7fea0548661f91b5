// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One dispatcher serves many callers (an event's number chooses the callback): the arguments of the
// call tell which part of it is meant.
#include "analyzer/link/reachable_blocks.h"

#include <algorithm>

namespace initorder {
namespace {

std::optional<std::int64_t> constant_of(const Expr &expr, const KnownArguments &arguments) {
  const auto operand = [&](std::size_t i) { return constant_of(expr.operands[i], arguments); };
  switch (expr.kind) {
  case Expr::Kind::integer:
    return expr.integer;
  case Expr::Kind::parameter:
    return expr.index < arguments.size() ? arguments[expr.index] : std::nullopt;
  case Expr::Kind::logical_not:
    if (const auto value = operand(0))
      return *value == 0;
    return std::nullopt;
  case Expr::Kind::compare: {
    const auto a = operand(0), b = operand(1);
    if (!a || !b)
      return std::nullopt;
    const std::string &op = expr.name;
    return op == "==" ? *a == *b : op == "!=" ? *a != *b : op == "<" ? *a < *b : op == "<=" ? *a <= *b
           : op == ">" ? *a > *b : *a >= *b;
  }
  default:
    return std::nullopt;
  }
}

bool takes(const Block &block, const Edge &edge, std::int64_t value) {
  switch (edge.when) {
  case Edge::When::if_true:
    return value != 0;
  case Edge::When::if_false:
    return value == 0;
  case Edge::When::in_range:
    return value >= edge.low && value <= edge.high;
  case Edge::When::otherwise:
    return std::none_of(block.edges.begin(), block.edges.end(), [&](const Edge &other) {
      return other.when == Edge::When::in_range && value >= other.low && value <= other.high;
    });
  case Edge::When::always:
    break;
  }
  return true;
}

KnownArguments unchanged(const FunctionFacts &function, KnownArguments arguments) {
  for (const Block &block : function.blocks)
    for (const Step &step : block.steps)
      if (step.kind == Step::Kind::assign && step.assign.target.kind == Expr::Kind::parameter &&
          step.assign.target.index < arguments.size())
        arguments[step.assign.target.index].reset();
  return arguments;
}

} // namespace

KnownArguments known_arguments(const CallFact &call) {
  KnownArguments out;
  for (const Expr &argument : call.arguments)
    out.push_back(argument.kind == Expr::Kind::integer ? std::optional(argument.integer) : std::nullopt);
  return out;
}

bool decided_by_arguments(const FunctionFacts &function, const KnownArguments &arguments) {
  return std::any_of(function.blocks.begin(), function.blocks.end(), [&](const Block &block) {
    return block.edges.size() > 1 && constant_of(block.condition, arguments);
  });
}

std::vector<bool> reachable_blocks(const FunctionFacts &function, const KnownArguments &given,
                                   const std::function<bool(const Block &)> &is_last) {
  const KnownArguments arguments = unchanged(function, given);
  std::vector<bool> reached(function.blocks.size());
  std::vector<std::uint32_t> pending = {function.entry};
  reached[function.entry] = true;
  while (!pending.empty()) {
    const Block &block = function.blocks[pending.back()];
    pending.pop_back();
    if (is_last && is_last(block))
      continue;
    const auto value = block.edges.size() > 1 ? constant_of(block.condition, arguments) : std::nullopt;
    for (const Edge &edge : block.edges)
      if ((!value || takes(block, edge, *value)) && !reached[edge.to]) {
        reached[edge.to] = true;
        pending.push_back(edge.to);
      }
  }
  return reached;
}

} // namespace initorder
