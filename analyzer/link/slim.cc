// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/link/slim.h"

#include "analyzer/link/program.h"

#include <algorithm>
#include <unordered_set>

namespace initorder {
namespace {

/// What the expressions of a function read.
struct Reads {
  std::unordered_set<std::uint32_t> locals;
  std::unordered_set<std::uint32_t> calls;
};

/// The local that an assignment writes, or null.
const Expr *written_local(const Step &step) {
  if (step.kind != Step::Kind::assign)
    return nullptr;
  const Expr *at = &step.assign.target;
  while (at->kind == Expr::Kind::field)
    at = &at->operands.front();
  return at->kind == Expr::Kind::local ? at : nullptr;
}

void note(const Expr &expr, Reads &reads) {
  for_each_part(expr, [&](const Expr &part) {
    if (part.kind == Expr::Kind::local)
      reads.locals.insert(part.index);
    else if (part.kind == Expr::Kind::call)
      reads.calls.insert(part.index);
  });
}

/// What can matter, from the ends backwards: conditions, interesting calls, what is returned or kept in the
/// world; then what these read, what that was computed from, and so on.
Reads reads_of(const FunctionFacts &function, const std::function<bool(const CallFact &)> &interesting) {
  Reads reads;
  const auto note_call = [&](const CallFact &call) {
    note(call.callee, reads);
    for (const Expr &argument : call.arguments)
      note(argument, reads);
  };
  const auto size = [&] { return reads.locals.size() + reads.calls.size(); };
  for (std::size_t before = ~std::size_t{0}; before != size();) {
    before = size();
    for (const Block &block : function.blocks) {
      if (block.edges.size() > 1)
        note(block.condition, reads);
      for (const Step &step : block.steps) {
        const Expr *local = written_local(step);
        if (step.kind == Step::Kind::call) {
          if (reads.calls.contains(step.call.index) || interesting(step.call))
            note_call(step.call);
        } else if (!local) {
          note(step.assign.target, reads);
          note(step.assign.value, reads);
        } else if (reads.locals.contains(local->index)) {
          note(step.assign.value, reads);
        }
      }
    }
  }
  return reads;
}

/// Whether a value can lead to a function or to the handle of something open.
bool may_carry(const Expr &value) {
  switch (value.kind) {
  case Expr::Kind::unknown:
  case Expr::Kind::integer:
  case Expr::Kind::text:
  case Expr::Kind::logical_not:
  case Expr::Kind::compare:
  case Expr::Kind::logical:
  case Expr::Kind::bit_and:
  case Expr::Kind::arithmetic:
    return false;
  default:
    return true;
  }
}

/// What is written where the walk keeps no value: into an element, through a pointer, or a plain number into
/// a structure that it does not know.
bool writes_nowhere(const Step &step) {
  if (step.kind != Step::Kind::assign)
    return false;
  const Expr *target = &step.assign.target;
  if (target->kind == Expr::Kind::unknown || target->kind == Expr::Kind::element)
    return true;
  if (target->kind == Expr::Kind::dereference)
    return target->operands.front().kind != Expr::Kind::field || !may_carry(step.assign.value);
  if (target->kind != Expr::Kind::field)
    return false;
  const Expr::Kind base = target->operands.front().kind;
  return base != Expr::Kind::local && base != Expr::Kind::variable && !may_carry(step.assign.value);
}

/// True if something was dropped.
bool drop_unread(FunctionFacts &function, const std::function<bool(const CallFact &)> &interesting) {
  const Reads reads = reads_of(function, interesting);
  bool dropped = false;
  for (Block &block : function.blocks)
    dropped |= std::erase_if(block.steps, [&](const Step &step) {
                 if (step.kind == Step::Kind::call)
                   return !reads.calls.contains(step.call.index) && !interesting(step.call);
                 if (writes_nowhere(step))
                   return true;
                 const Expr *local = written_local(step);
                 return local && !reads.locals.contains(local->index);
               }) > 0;
  return dropped;
}

/// Where control really arrives when it goes to `to`: past blocks that do nothing.
std::uint32_t destination(const FunctionFacts &function, std::uint32_t to) {
  for (std::size_t hops = 0; hops < function.blocks.size(); ++hops) {
    const Block &block = function.blocks[to];
    if (to == function.exit || !block.steps.empty() || block.edges.size() != 1)
      return to;
    to = block.edges.front().to;
  }
  return to;
}

bool join_edges(FunctionFacts &function) {
  bool changed = false;
  for (Block &block : function.blocks) {
    for (Edge &edge : block.edges) {
      const std::uint32_t to = destination(function, edge.to);
      changed |= to != edge.to;
      edge.to = to;
    }
    if (block.edges.size() > 1 && std::all_of(block.edges.begin(), block.edges.end(), [&](const Edge &edge) {
          return edge.to == block.edges.front().to;
        })) {
      block.edges.front().told = std::ranges::all_of(block.edges, &Edge::told);
      block.edges.resize(1);
      block.edges.front().when = Edge::When::always;
      block.condition = {};
      block.condition_text = {};
      changed = true;
    }
  }
  return changed;
}

/// Blocks that nothing leads to any more go, and the others are numbered anew, in their order.
void compact(FunctionFacts &function) {
  std::vector<bool> reached(function.blocks.size());
  std::vector<std::uint32_t> pending = {function.entry};
  reached[function.entry] = reached[function.exit] = true;
  while (!pending.empty()) {
    const std::uint32_t block = pending.back();
    pending.pop_back();
    for (const Edge &edge : function.blocks[block].edges)
      if (!reached[edge.to]) {
        reached[edge.to] = true;
        pending.push_back(edge.to);
      }
  }
  std::vector<std::uint32_t> number(function.blocks.size());
  std::vector<Block> blocks;
  for (std::uint32_t b = 0; b < function.blocks.size(); ++b)
    if (reached[b]) {
      number[b] = static_cast<std::uint32_t>(blocks.size());
      blocks.push_back(std::move(function.blocks[b]));
    }
  for (Block &block : blocks) {
    block.steps.shrink_to_fit();
    for (Edge &edge : block.edges)
      edge.to = number[edge.to];
  }
  blocks.shrink_to_fit();
  function.blocks = std::move(blocks);
  function.entry = number[function.entry];
  function.exit = number[function.exit];
}

} // namespace

void slim(FunctionFacts &function, const std::function<bool(const CallFact &)> &interesting) {
  while (drop_unread(function, interesting) | join_edges(function)) {
  }
  compact(function);
}

} // namespace initorder
