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

Reads reads_of(const FunctionFacts &function) {
  Reads reads;
  for (const Block &block : function.blocks) {
    if (block.edges.size() > 1)
      note(block.condition, reads);
    for (const Step &step : block.steps) {
      note(step.call.callee, reads);
      for (const Expr &argument : step.call.arguments)
        note(argument, reads);
      note(step.assign.value, reads);
      if (!written_local(step))
        note(step.assign.target, reads);
    }
  }
  return reads;
}

/// True if something was dropped.
bool drop_unread(FunctionFacts &function, const std::function<bool(const CallFact &)> &interesting) {
  const Reads reads = reads_of(function);
  bool dropped = false;
  for (Block &block : function.blocks)
    dropped |= std::erase_if(block.steps, [&](const Step &step) {
                 if (step.kind == Step::Kind::call)
                   return !reads.calls.contains(step.call.index) && !interesting(step.call);
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
      block.edges.resize(1);
      block.edges.front().when = Edge::When::always;
      block.condition = {};
      block.condition_text.clear();
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
