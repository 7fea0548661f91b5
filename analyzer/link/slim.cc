// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/link/slim.h"

#include "analyzer/link/program.h"

#include <algorithm>
#include <unordered_set>

namespace initorder {
namespace {

void drop_calls(FunctionFacts &function, const std::function<bool(const CallFact &)> &keep) {
  for (Block &block : function.blocks)
    std::erase_if(block.steps,
                  [&](const Step &step) { return step.kind == Step::Kind::call && !keep(step.call); });
}

/// The local that an assignment writes, or null.
const Expr *written_local(const Step &step) {
  if (step.kind != Step::Kind::assign)
    return nullptr;
  const Expr *at = &step.assign.target;
  while (at->kind == Expr::Kind::field)
    at = &at->operands.front();
  return at->kind == Expr::Kind::local ? at : nullptr;
}

void note_locals(const Expr &expr, std::unordered_set<std::uint32_t> &read) {
  for_each_part(expr, [&](const Expr &part) {
    if (part.kind == Expr::Kind::local)
      read.insert(part.index);
  });
}

/// True if something was dropped.
bool drop_unread_locals(FunctionFacts &function) {
  std::unordered_set<std::uint32_t> read;
  for (const Block &block : function.blocks) {
    if (block.edges.size() > 1)
      note_locals(block.condition, read);
    for (const Step &step : block.steps) {
      note_locals(step.call.callee, read);
      for (const Expr &argument : step.call.arguments)
        note_locals(argument, read);
      note_locals(step.assign.value, read);
      if (!written_local(step))
        note_locals(step.assign.target, read);
    }
  }
  bool dropped = false;
  for (Block &block : function.blocks)
    dropped |= std::erase_if(block.steps, [&](const Step &step) {
                 const Expr *local = written_local(step);
                 return local && !read.contains(local->index);
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

} // namespace

void slim(FunctionFacts &function, const std::function<bool(const CallFact &)> &keep) {
  drop_calls(function, keep);
  while (drop_unread_locals(function) | join_edges(function)) {
  }
}

} // namespace initorder
