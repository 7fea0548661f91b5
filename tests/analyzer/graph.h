// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Small control-flow graphs, as the reader of C would make them.
#pragma once

#include "analyzer/facts/facts.h"

#include <utility>

namespace initorder::graph {

inline Expr expr(Expr::Kind kind, std::string name = {}, std::vector<Expr> operands = {}) {
  Expr out;
  out.kind = kind;
  out.name = std::move(name);
  out.operands = std::move(operands);
  return out;
}
inline Expr number(std::int64_t value) {
  Expr out;
  out.kind = Expr::Kind::integer;
  out.integer = value;
  return out;
}
inline Expr numbered(Expr::Kind kind, std::uint32_t index) {
  Expr out;
  out.kind = kind;
  out.index = index;
  return out;
}
inline Expr parameter(std::uint32_t index) { return numbered(Expr::Kind::parameter, index); }
inline Expr local(std::uint32_t index) { return numbered(Expr::Kind::local, index); }
inline Expr result(std::uint32_t call) { return numbered(Expr::Kind::call, call); }
inline Expr compare(Expr a, const std::string &op, Expr b) {
  return expr(Expr::Kind::compare, op, {std::move(a), std::move(b)});
}

inline Step call(std::uint32_t index, const std::string &name, std::vector<Expr> arguments = {}) {
  Step out;
  out.call = {index, expr(Expr::Kind::function, name), std::move(arguments), {}};
  return out;
}
inline Step assign(Expr target, Expr value) {
  Step out;
  out.kind = Step::Kind::assign;
  out.assign = {std::move(target), std::move(value), {}};
  return out;
}
inline Step leave(Expr value) {
  Step out;
  out.kind = Step::Kind::leave;
  out.assign.value = std::move(value);
  return out;
}

inline Block to(std::uint32_t next, std::vector<Step> steps = {}) {
  Block out;
  out.steps = std::move(steps);
  out.edges = {{Edge::When::always, false, 0, 0, next}};
  return out;
}
inline Block choose(Expr condition, std::uint32_t if_true, std::uint32_t if_false, std::vector<Step> steps = {}) {
  Block out;
  out.steps = std::move(steps);
  out.condition = std::move(condition);
  out.edges = {{Edge::When::if_true, false, 0, 0, if_true}, {Edge::When::if_false, false, 0, 0, if_false}};
  return out;
}

/// Blocks count down from the entry to the exit, which is 0, as Clang numbers them.
inline FunctionFacts function(std::vector<Block> blocks_from_1, std::uint32_t parameters = 0) {
  FunctionFacts out;
  out.name = "f";
  out.parameters = parameters;
  out.blocks = std::move(blocks_from_1);
  out.blocks.insert(out.blocks.begin(), Block{});
  out.entry = static_cast<std::uint32_t>(out.blocks.size()) - 1;
  out.exit = 0;
  return out;
}

} // namespace initorder::graph
