// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/link/liveness.h"

#include "analyzer/link/program.h"

namespace initorder {
namespace {

void note(const Expr &expr, std::unordered_set<Own> &live) {
  for_each_part(expr, [&](const Expr &part) {
    if (part.kind == Expr::Kind::local || part.kind == Expr::Kind::parameter || part.kind == Expr::Kind::call)
      live.insert(own(part.kind, part.index));
  });
}

bool is_own(const Expr &expr) { return expr.kind == Expr::Kind::local || expr.kind == Expr::Kind::parameter; }

/// Backwards through one block: what is written is not live above, what is read is.
void step_back(const Block &block, std::unordered_set<Own> &live) {
  if (block.edges.size() > 1)
    note(block.condition, live);
  for (auto step = block.steps.rbegin(); step != block.steps.rend(); ++step) {
    if (step->kind == Step::Kind::call) {
      live.erase(own(Expr::Kind::call, step->call.index));
      note(step->call.callee, live);
      for (const Expr &argument : step->call.arguments)
        note(argument, live);
      continue;
    }
    if (step->assign.by_address)
      continue; // neither written nor read: what it holds may stay
    if (is_own(step->assign.target))
      live.erase(own(step->assign.target.kind, step->assign.target.index));
    else
      note(step->assign.target, live);
    note(step->assign.value, live);
  }
}

} // namespace

std::vector<std::unordered_set<Own>> live_at_entry(const FunctionFacts &function) {
  std::vector<std::unordered_set<Own>> live(function.blocks.size());
  for (bool changed = true; changed;) {
    changed = false;
    // Blocks are numbered from the exit up: going up meets what comes later first.
    for (std::size_t b = 0; b < function.blocks.size(); ++b) {
      std::unordered_set<Own> now;
      for (const Edge &edge : function.blocks[b].edges)
        now.insert(live[edge.to].begin(), live[edge.to].end());
      step_back(function.blocks[b], now);
      if (now.size() != live[b].size()) {
        live[b] = std::move(now);
        changed = true;
      }
    }
  }
  return live;
}

} // namespace initorder
