// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One function, from its entry to its exits. States are kept apart while there are few of them, so that what
// one condition said is still known at the next; then they are joined.
#pragma once

#include "analyzer/simulate/walk.h"

#include <array>
#include <functional>
#include <set>
#include <utility>
#include <vector>

namespace initorder {

/// The edges that some state took, and the branches that no state could decide, for one process role.
struct TakenWays {
  std::set<std::uint32_t> starts; ///< blocks where a process of this role begins
  std::set<std::pair<std::uint32_t, std::uint32_t>> edges;
  std::set<std::pair<std::uint32_t, std::uint32_t>> good_edges; ///< without those that leave with an error
  std::set<std::uint32_t> undecided; ///< blocks
};

/// Fills in the certainty and the conditions of `items`.
void find_conditions(const FunctionFacts &facts, const std::array<TakenWays, 2> &ways,
                     const std::function<SourcePlace(const FactPlace &)> &place, std::vector<Item> &items);

class FunctionWalk {
public:
  FunctionWalk(Walker &walker, FunctionIndex function, Summary &out);
  void run(const State &entry);

private:
  using States = std::vector<State>;

  void enter(std::uint32_t block, State state);
  void forget_dead(std::uint32_t block, State &state) const;
  void visit(std::uint32_t block, const State &state);
  States run_steps(std::uint32_t block, const State &state);
  void leave_block(std::uint32_t block, const State &state);
  void take(std::uint32_t block, const Edge &edge, const State &state);
  void leave_function(const State &state);

  // calls.cc
  struct CallSite {
    std::uint32_t block;
    const CallFact &call;
    std::vector<Value> arguments;
  };
  void join_drivers(const Location &result, States &states) const;
  States run_call(std::uint32_t block, const CallFact &call, const State &state);
  States run_api(const CallSite &site, const LibraryFunction &api, const State &state);
  States run_function(const CallSite &site, const Callable &target, const State &state, Item item);
  void run_callbacks(const CallSite &site, const LibraryFunction &api, Item &item, State &state);
  void open_or_close(const CallSite &site, const LibraryFunction &api, Item &item, State &state);
  bool is_static(const Expr &pointer) const;
  void add_effects(const CallSite &site, const LibraryFunction &api, Item &item) const;
  std::vector<Callable> targets_of(const Expr &callee, const State &state) const;
  Item item_at(const CallSite &site, std::string callee, const State &state) const;
  void record(Item item);

  Walker &walker_;
  const Program &program_;
  FunctionIndex index_;
  const Function &function_;
  Evaluator evaluate_;
  Summary &out_;
  const std::vector<std::unordered_set<Own>> &live_;
  std::vector<States> seen_;
  std::vector<std::pair<std::uint32_t, State>> pending_; ///< a heap by block, the first of the function on top
  std::array<TakenWays, 2> ways_;
  unsigned visits_ = 0;
};

} // namespace initorder
