// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The flag is what a global pointer leads to, and the function leaves the pointer as it is: so somebody else sets it,
// as a rule in shared memory. It is set to stop a loop that does something; one that only sleeps waits for a start.
#include "analyzer/facts/stop_flags.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_set>

namespace initorder {
namespace {

/// A question about a flag: *pointer, !*pointer, *pointer == 1.
struct Asked {
  std::string pointer; ///< empty: it is no such question
  bool set = true;     ///< the answer is yes if the flag is set
};

Asked asked_in(const Expr &condition) {
  if (condition.kind == Expr::Kind::logical_not) {
    Asked out = asked_in(condition.operands.front());
    out.set = !out.set;
    return out;
  }
  if (condition.kind == Expr::Kind::compare && (condition.name == "==" || condition.name == "!=") &&
      condition.operands[1].kind == Expr::Kind::integer && (condition.operands[1].integer | 1) == 1) {
    Asked out = asked_in(condition.operands[0]);
    if ((condition.name == "==") != (condition.operands[1].integer == 1))
      out.set = !out.set;
    return out;
  }
  const bool is_flag =
      condition.kind == Expr::Kind::dereference && condition.operands.front().kind == Expr::Kind::variable;
  return is_flag ? Asked{condition.operands.front().name.text()} : Asked{};
}

const Expr &base_of(const Expr &target) {
  const Expr *at = &target;
  while (!at->operands.empty() && at->kind != Expr::Kind::call)
    at = &at->operands.front();
  return *at;
}

/// The pointers to flags.
std::unordered_set<std::string> flags_of(const FunctionFacts &function) {
  std::unordered_set<std::string> out;
  for (const Block &block : function.blocks)
    if (const std::string name = asked_in(block.condition).pointer; !name.empty())
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

/// Waits, or writes down that it does.
bool only_waits(const CallFact &call) {
  static constexpr std::array<std::string_view, 12> kWaits = {"sched_yield",   "pthread_yield", "select",  "pselect",
                                                              "poll",          "ppoll",         "pause",   "sem_wait",
                                                              "sem_timedwait", "printf",        "fprintf", "syslog"};
  const std::string &name = call.callee.name.text();
  return call.callee.kind == Expr::Kind::function &&
         (name.find("sleep") != name.npos || std::ranges::find(kWaits, name) != kWaits.end());
}

/// The blocks from which the block is reached.
std::vector<bool> leading_to(const FunctionFacts &function, std::uint32_t to) {
  std::vector<std::vector<std::uint32_t>> before(function.blocks.size());
  for (std::uint32_t b = 0; b < function.blocks.size(); ++b)
    for (const Edge &edge : function.blocks[b].edges)
      before[edge.to].push_back(b);
  std::vector<bool> out(function.blocks.size());
  std::vector<std::uint32_t> pending = {to};
  while (!pending.empty()) {
    const std::uint32_t block = pending.back();
    pending.pop_back();
    for (const std::uint32_t from : before[block])
      if (!out[from]) {
        out[from] = true;
        pending.push_back(from);
      }
  }
  return out;
}

/// Whether the loop that goes through the block calls something that does not only wait. `after`: what the block
/// reaches.
bool does_something(const FunctionFacts &function, std::uint32_t block, const std::vector<bool> &after) {
  const std::vector<bool> back = leading_to(function, block);
  for (std::uint32_t b = 0; b < function.blocks.size(); ++b)
    if (after[b] && back[b])
      for (const Step &step : function.blocks[b].steps)
        if (step.kind == Step::Kind::call && !only_waits(step.call))
          return true;
  return false;
}

} // namespace

void find_stop_flags(FunctionFacts &function) {
  const std::unordered_set<std::string> flags = flags_of(function);
  if (flags.empty())
    return;
  for (std::uint32_t b = 0; b < function.blocks.size(); ++b) {
    Block &block = function.blocks[b];
    // The pointer itself is asked first: without memory for the flag there is nobody to stop.
    const bool is_pointer = block.condition.kind == Expr::Kind::variable && flags.contains(block.condition.name);
    const Asked asked = asked_in(block.condition);
    if (!is_pointer && !flags.contains(asked.pointer))
      continue;
    const std::vector<bool> after = reached_from(function, b, true);
    if (!after[b] || !does_something(function, b, after))
      continue;
    const Edge::When leaves_when = !is_pointer && asked.set ? Edge::When::if_true : Edge::When::if_false;
    for (Edge &edge : block.edges) {
      edge.told = edge.when == leaves_when && !reached_from(function, edge.to, true)[b];
      function.serves |= edge.told;
    }
  }
  function.serves_until_told = reached_from(function, function.entry, true)[function.exit] &&
                               !reached_from(function, function.entry, false)[function.exit];
}

} // namespace initorder
