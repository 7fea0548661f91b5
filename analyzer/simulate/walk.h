// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Walks a function on every way that its conditions leave open, and remembers what came of it.
#pragma once

#include "analyzer/link/liveness.h"
#include "analyzer/simulate/evaluate.h"
#include "analyzer/simulate/value.h"

#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace initorder {

struct Summary;

/// Something that happens in a function: a call into a library, or into another function of the tree.
struct Item {
  std::uint32_t block = 0;  ///< for the order and the conditions
  std::uint32_t call = 0;   ///< CallFact::index
  FactPlace at;
  Symbol callee;            ///< "RAND_bytes", "db_func_t.init"
  ProcessRole process = ProcessRole::main;
  ResourceId fork = 0;      ///< as in State
  const LibraryFunction *api = nullptr;
  std::vector<std::pair<const CallEffect *, Certainty>> effects;
  std::vector<std::pair<RunsCallback::When, Callable>> registers; ///< at-fork and exit handlers
  std::vector<ResourceId> resources; ///< opened or closed here; empty when closed: nobody knows which
  bool closes = false;
  const Summary *into = nullptr;       ///< the call goes on here
  /// `into` does the work of this function, which opens something, or works on what it has opened: what a pack says
  /// of the whole is not said of its parts again.
  const LibraryFunction *opens_as = nullptr;
  std::optional<ResourceId> thread;    ///< `into` runs on a thread of its own
  bool untold = false;                 ///< nobody knows where the call goes
  bool only_on_error = false;          ///< every way from here leaves the function with an error
  bool passes_error_on = false;        ///< if `into` ends with an error, so does the function
  Certainty certainty = Certainty::always;
  std::vector<Symbol> conditions; ///< undecided ones, when not always

  auto identity() const { return std::tie(block, at.line, at.column, callee, process, fork, api, into, resources); }
};

struct Outcome {
  State state; ///< of the caller's world: no locals
  Value result;
  friend bool operator==(const Outcome &, const Outcome &) = default;
};

/// What a function does when called with certain arguments in a certain state.
struct Summary {
  FunctionIndex function = 0;
  bool done = false; ///< false: being walked (a recursion ends here)
  std::vector<Outcome> outcomes;
  std::vector<Item> items; ///< in order
  bool lasts = false; ///< the process that calls it may stay in it for good, without an error
  bool does_something_on_error = false; ///< some item, here or below, is there only when an error is passed up to here
};

class Walker {
public:
  explicit Walker(const Program &program) : program_(program) {}
  Walker(const Walker &) = delete;

  /// From here on, what is walked is walked in this scenario. What does not depend on the difference is
  /// remembered from those before.
  void set_scenario(FixedVariables fixed) { fixed_ = std::move(fixed); }

  /// `state` holds what is known of the world; only what the function can read matters.
  const Summary &walk(FunctionIndex function, const std::vector<Value> &arguments, const State &state);

  /// Makes `world`, the caller's, what it is after `function` has returned in state `after`.
  void adopt(FunctionIndex function, const State &after, State &world) const;

  const Program &program() const { return program_; }
  const FixedVariables &fixed() const { return fixed_; }
  const std::vector<std::unordered_set<Own>> &live_in(FunctionIndex function);
  const LibraryFunction *opener(ResourceId resource) const { return openers_.at(resource); }

private:
  friend class FunctionWalk;
  struct Key {
    FunctionIndex function;
    std::vector<Value> arguments;
    std::vector<std::optional<std::int64_t>> scenario; ///< of the variables that the function asks for
    State state;
    friend std::strong_ordering operator<=>(const Key &, const Key &) = default;
  };

  const Program &program_;
  FixedVariables fixed_;
  std::map<Key, Summary> summaries_;
  std::unordered_map<FunctionIndex, std::vector<std::unordered_set<Own>>> live_;
  std::map<ResourceId, const LibraryFunction *> openers_;
  std::map<ResourceId, Memory> memory_; ///< where what a call has given lies
  unsigned depth_ = 0;
};

} // namespace initorder
