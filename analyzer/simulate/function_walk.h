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

/// The edges that some state took, and the branches that no state could decide, in one process.
struct TakenWays {
  std::set<std::uint32_t> starts; ///< where the process begins: vertices as in good_rounds
  std::set<std::pair<std::uint32_t, std::uint32_t>> edges;
  std::set<std::pair<std::uint32_t, std::uint32_t>> good_edges; ///< without those that leave with an error
  /// The good edges again, with a second vertex (its number and that of all blocks) for each block that a loop comes
  /// back to: the first time round is told from the others.
  std::set<std::pair<std::uint32_t, std::uint32_t>> good_rounds;
  std::set<std::uint32_t> undecided; ///< blocks
  std::set<std::uint32_t> lasting;   ///< blocks from which a process need not go on: it may serve there for good
  std::map<std::uint32_t, std::uint32_t> lasting_calls; ///< by block, the first call that it need not come back from
  /// Which process forked it, and in which block.
  std::set<std::pair<std::pair<ProcessRole, ResourceId>, std::uint32_t>> forked_in;
};

inline const Expr &without_address(const Expr &expr) {
  return expr.kind == Expr::Kind::address ? expr.operands.front() : expr;
}
/// By the role of the process and the call that forked it, as in State.
using WaysByProcess = std::map<std::pair<ProcessRole, ResourceId>, TakenWays>;

/// Adds to `lasting` the blocks of loops that nothing but an error ends.
void find_endless_loops(const FunctionFacts &facts, TakenWays &ways);

/// Fills in the certainty and the conditions of `items`.
void find_conditions(const FunctionFacts &facts, const WaysByProcess &ways,
                     const std::function<SourcePlace(const FactPlace &)> &place, std::vector<Item> &items);

class FunctionWalk {
public:
  FunctionWalk(Walker &walker, FunctionIndex function, Summary &out);
  void run(const State &entry);

private:
  using States = std::vector<State>;

  /// A state before a block; whether it came round a loop.
  struct Arrival {
    std::uint32_t block = 0;
    State state;
    bool again = false;
  };
  static bool comes_later(const Arrival &a, const Arrival &b);
  std::uint32_t vertex(std::uint32_t block, bool again) const;

  void enter(std::uint32_t block, State state, bool again);
  void forget_dead(std::uint32_t block, State &state) const;
  void visit(const Arrival &arrival);
  States run_steps(std::uint32_t block, const State &state);
  void leave_block(std::uint32_t block, const State &state, bool again);
  void take(std::uint32_t block, const Edge &edge, State state, bool again, bool likely = true);
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
  void add_effects(const CallSite &site, const LibraryFunction &api, const State &state, Item &item) const;
  std::vector<Callable> loaded(std::vector<Callable> targets) const;
  /// Whether the edge is taken only when a pointer that something is known to be put into is NULL.
  bool says_unbound(const Block &block, const Edge &edge, const State &state) const;
  /// Whether it is taken only when a pointer is NULL that the module sets elsewhere, and ends the process with an error.
  bool says_unprepared(const Block &block, const Edge &edge) const;
  std::vector<Callable> targets_of(const Expr &callee, const State &state) const;
  void note_targets(std::uint32_t block, const CallFact &call, const State &state,
                    const std::vector<Callable> &targets);
  void doubt_targets();
  Item item_at(const CallSite &site, std::string callee, const State &state) const;
  void record(Item item);

  // arguments.cc
  Truth passes(const std::vector<ArgumentTest> &tests, const CallSite &site, const State &state) const;
  Truth passes(const ArgumentTest &test, const CallSite &site, const State &state) const;
  std::optional<Memory> memory_of(const Expr &pointer, const State &state) const;
  bool is_number(const Expr &expr) const;
  bool never_returns(const Value &value) const;
  void give_memory(const CallSite &site, const LibraryFunction &api, State &state);
  void store(const CallSite &site, const LibraryFunction &api, State &state) const;

  Walker &walker_;
  const Program &program_;
  FunctionIndex index_;
  const Function &function_;
  Evaluator evaluate_;
  Summary &out_;
  const std::vector<std::unordered_set<Own>> &live_;
  std::vector<States> seen_;
  std::vector<std::vector<std::array<bool, 2>>> seen_as_; ///< the first time there, and again; beside seen_
  std::vector<Arrival> pending_; ///< a heap by block, the first of the function on top
  std::map<std::tuple<std::uint32_t, std::uint32_t, ProcessRole>, std::vector<Callable>> targets_on_each_way_;
  void note_lasting(const CallSite &site, const State &state);
  TakenWays &ways_of(const State &state) { return ways_[{state.process, state.fork}]; }

  WaysByProcess ways_;
  unsigned visits_ = 0;
};

} // namespace initorder
