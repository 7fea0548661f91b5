// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/simulate/function_walk.h"

#include <algorithm>

namespace initorder {
namespace {

constexpr std::size_t kMaxStates = 8;    ///< kept apart at one block, for each process role
constexpr std::size_t kMaxOutcomes = 4;  ///< of a function, kept apart, for each process role and end
constexpr unsigned kVisitsApart = 400;   ///< of blocks: after these, states are joined at once
constexpr unsigned kMaxVisits = 4000;    ///< of blocks, in one walk through a function

const Location kReturned{Location::Kind::returned, 0, {}, {}};

} // namespace

/// Clang numbers blocks from the exit up: the highest number comes first.
bool FunctionWalk::comes_later(const Arrival &a, const Arrival &b) { return a.block < b.block; }

std::uint32_t FunctionWalk::vertex(std::uint32_t block, bool again) const {
  return again ? block + static_cast<std::uint32_t>(function_.facts.blocks.size()) : block;
}

FunctionWalk::FunctionWalk(Walker &walker, FunctionIndex function, Summary &out)
    : walker_(walker), program_(walker.program()), index_(function), function_(program_.functions()[function]),
      evaluate_(program_, walker.fixed(), function), out_(out), live_(walker.live_in(function)), seen_(function_.facts.blocks.size()),
      seen_as_(seen_.size()) {}

void FunctionWalk::forget_dead(std::uint32_t block, State &state) const {
  state.cells.erase_if([&](const auto &cell) {
    const Location &at = cell.first;
    if (!at.is_own() || at.kind == Location::Kind::returned)
      return false;
    const Expr::Kind what = at.kind == Location::Kind::local       ? Expr::Kind::local
                            : at.kind == Location::Kind::parameter ? Expr::Kind::parameter
                                                                   : Expr::Kind::call;
    return !live_[block].contains(own(what, at.index));
  });
}

namespace {

/// How many cells are lost when the two are joined.
std::size_t lost_by_joining(const State &a, const State &b) {
  std::size_t lost = 0;
  auto other = b.cells.begin();
  for (const auto &[location, value] : a.cells) {
    while (other != b.cells.end() && other->first < location)
      ++lost, ++other;
    const bool same = other != b.cells.end() && other->first == location && other->second == value;
    if (other != b.cells.end() && other->first == location)
      ++other;
    lost += same ? 0 : 1;
  }
  return lost + static_cast<std::size_t>(std::distance(other, b.cells.end()));
}

/// The one of `states` into which `state` is best joined: what is open is told apart as long as may be.
template <class SameKind> State &nearest(std::vector<State> &states, const State &state, const SameKind &same_kind) {
  State *best = nullptr;
  std::pair<bool, std::size_t> least;
  for (auto candidate = states.rbegin(); candidate != states.rend(); ++candidate) {
    if (!same_kind(*candidate))
      continue;
    const bool other_open = candidate->open != state.open || candidate->closed != state.closed;
    const std::pair<bool, std::size_t> distance{other_open, lost_by_joining(*candidate, state)};
    if (!best || distance < least) {
      best = &*candidate;
      least = distance;
    }
  }
  return *best;
}

} // namespace

// Where a state equal to one that has been here arrives, nothing new can come of it.
void FunctionWalk::enter(std::uint32_t block, State state, bool again) {
  forget_dead(block, state);
  States &seen = seen_[block];
  // From here on it goes as it went then, be it the first time or not.
  const auto as_before = [&](std::array<bool, 2> &seen_as) {
    if (!seen_as[again])
      ways_of(state).good_rounds.emplace(vertex(block, again), vertex(block, !again));
  };
  if (const auto equal = std::find(seen.begin(), seen.end(), state); equal != seen.end())
    return as_before(seen_as_[block][static_cast<std::size_t>(equal - seen.begin())]);
  const auto same_kind = [&](const State &other) {
    return other.process == state.process && other.fork == state.fork && other.failing == state.failing &&
           other.told == state.told;
  };
  // Where conditions multiply, what they say together is given up first.
  const std::size_t kept_apart = visits_ < kVisitsApart ? kMaxStates : 1;
  const auto alike = static_cast<std::size_t>(std::count_if(seen.begin(), seen.end(), same_kind));
  const bool same_open = std::any_of(seen.begin(), seen.end(), [&](const State &other) {
    return same_kind(other) && other.open == state.open && other.closed == state.closed;
  });
  if (alike < kept_apart || (!same_open && alike < 2 * kMaxStates)) {
    seen.push_back(state);
    seen_as_[block].push_back({!again, again});
    pending_.push_back({block, std::move(state), again});
  } else {
    State &joined = nearest(seen, state, same_kind);
    std::array<bool, 2> &seen_as = seen_as_[block][static_cast<std::size_t>(&joined - seen.data())];
    if (!join_into(joined, state))
      return as_before(seen_as);
    seen_as[again] = true;
    pending_.push_back({block, joined, again});
  }
  std::push_heap(pending_.begin(), pending_.end(), comes_later);
}

void FunctionWalk::leave_function(const State &state) {
  Outcome outcome;
  outcome.state = state;
  if (const auto value = state.cells.find(kReturned); value != state.cells.end())
    outcome.result = value->second;
  outcome.state.cells.erase_if([](const auto &cell) { return cell.first.is_own(); });
  if (std::find(out_.outcomes.begin(), out_.outcomes.end(), outcome) != out_.outcomes.end())
    return;
  const auto alike = [&](const Outcome &other) {
    return other.state.process == outcome.state.process && other.state.fork == outcome.state.fork &&
           other.state.failing == outcome.state.failing && other.state.told == outcome.state.told;
  };
  // What a caller asks of the result, and must close, is told apart as long as may be.
  const auto same = [&](const Outcome &other) {
    return alike(other) && other.result == outcome.result && other.state.open == outcome.state.open &&
           other.state.closed == outcome.state.closed;
  };
  const auto known = static_cast<std::size_t>(std::count_if(out_.outcomes.begin(), out_.outcomes.end(), alike));
  const auto nearest = std::find_if(out_.outcomes.rbegin(), out_.outcomes.rend(), same);
  if (known < kMaxOutcomes || (nearest == out_.outcomes.rend() && known < 2 * kMaxOutcomes))
    return out_.outcomes.push_back(std::move(outcome));
  Outcome &joined = nearest != out_.outcomes.rend()
                        ? *nearest
                        : *std::find_if(out_.outcomes.rbegin(), out_.outcomes.rend(), alike);
  join_into(joined.state, outcome.state);
  joined.result = join(joined.result, outcome.result);
}

/// The pointer of which the edge says that it is NULL; null: it says no such thing.
static const Expr *null_on(const Block &block, const Edge &edge) {
  if (edge.when != Edge::When::if_true && edge.when != Edge::When::if_false)
    return nullptr;
  const Expr *tested = &block.condition;
  bool when_null = edge.when == Edge::When::if_false;
  if (tested->kind == Expr::Kind::logical_not) {
    tested = &tested->operands[0];
    when_null = !when_null;
  } else if (tested->kind == Expr::Kind::compare && (tested->name == "==" || tested->name == "!=") &&
             tested->operands[1].kind == Expr::Kind::integer && tested->operands[1].integer == 0) {
    when_null = when_null != (tested->name == "==");
    tested = &tested->operands[0];
  }
  return when_null ? tested : nullptr;
}

// A hook that a module sets is taken to be set, as every module of the tree is taken to be loaded.
bool FunctionWalk::says_unbound(const Block &block, const Edge &edge, const State &state) const {
  const Expr *pointer = null_on(block, edge);
  return pointer && (pointer->kind == Expr::Kind::field || pointer->kind == Expr::Kind::variable) &&
         !targets_of(*pointer, state).empty();
}

/// exit(-1), abort(): not exit(0).
static bool ends_with_error(const Block &block) {
  if (block.steps.empty() || block.steps.back().kind != Step::Kind::call)
    return false;
  const std::vector<Expr> &arguments = block.steps.back().call.arguments;
  return arguments.empty() || (arguments.front().kind == Expr::Kind::integer && arguments.front().integer != 0);
}

/// Whether every way from the block ends the process with an error: none leads to the function's end, or round a loop.
static bool fails(const FunctionFacts &function, std::uint32_t from) {
  std::vector<bool> reached(function.blocks.size());
  std::vector<std::uint32_t> pending = {from};
  while (!pending.empty()) {
    const std::uint32_t number = pending.back();
    pending.pop_back();
    const Block &block = function.blocks[number];
    if (number == function.exit || (block.edges.empty() && !ends_with_error(block)))
      return false;
    if (reached[number])
      continue;
    reached[number] = true;
    for (const Edge &edge : block.edges) {
      if (edge.to >= number)
        return false;
      pending.push_back(edge.to);
    }
  }
  return true;
}

// if (prepared == NULL) exit(1); What the main process prepares for a worker is taken to be there, where it is an error if it
// is not. What a worker sets up itself may fail.
bool FunctionWalk::says_unprepared(const Block &block, const Edge &edge) const {
  const Expr *pointer = null_on(block, edge);
  const auto index = pointer && pointer->kind == Expr::Kind::variable
                         ? program_.resolve_variable(function_.translation_unit, pointer->name)
                         : std::nullopt;
  if (!index)
    return false;
  const Variable &variable = program_.variables()[*index];
  return variable.facts && variable.facts->is_pointer && !variable.is_parameter && !variable.writers.empty() &&
         function_.sets_up && !function_.sets_up->contains(*index) && fails(function_.facts, edge.to);
}

void FunctionWalk::take(std::uint32_t block, const Edge &edge, State state, bool again, bool likely) {
  // A worker serves until the server ends.
  if (edge.told && state.process == ProcessRole::worker) {
    state.told = true;
    likely = false;
    ways_of(state).lasting.insert(block);
  }
  TakenWays &ways = ways_of(state);
  const bool comes_back = edge.to >= block;
  ways.edges.emplace(block, edge.to);
  if (!state.failing && likely) {
    ways.good_edges.emplace(block, edge.to);
    ways.good_rounds.emplace(vertex(block, again), vertex(edge.to, comes_back));
  }
  if (edge.to == function_.facts.exit)
    leave_function(state);
  else
    enter(edge.to, state, comes_back);
}

namespace {

/// Whether one of a switch's known labels is this number.
bool has_label(const Block &block, std::int64_t number) {
  return std::any_of(block.edges.begin(), block.edges.end(), [&](const Edge &edge) {
    return edge.when == Edge::When::in_range && number >= edge.low && number <= edge.high;
  });
}

} // namespace

void FunctionWalk::leave_block(std::uint32_t number, const State &state, bool again) {
  const Block &block = function_.facts.blocks[number];
  if (block.edges.size() == 1 && block.edges.front().when != Edge::When::if_true &&
      block.edges.front().when != Edge::When::if_false)
    return take(number, block.edges.front(), state, again);
  const Value value = evaluate_.read(block.condition, state);
  const Truth truth = value.truth();
  const bool known_number = value.kind == Value::Kind::integer;
  for (const Edge &edge : block.edges) {
    State next = state;
    switch (edge.when) {
    case Edge::When::if_true:
    case Edge::When::if_false: {
      const bool wanted = edge.when == Edge::When::if_true;
      if (truth != Truth::unknown && (truth == Truth::yes) != wanted)
        continue;
      evaluate_.refine(block.condition, wanted, next);
      break;
    }
    case Edge::When::in_range:
      if (known_number && (value.integer < edge.low || value.integer > edge.high))
        continue;
      if (edge.low == edge.high && value.is_not(edge.low))
        continue;
      if (edge.low == edge.high)
        evaluate_.refine_equal(block.condition, edge.low, next);
      break;
    case Edge::When::otherwise:
      if (known_number && has_label(block, value.integer))
        continue;
      if (edge.implied && program_.is_complete(function_.translation_unit, block))
        continue;
      for (const Edge &other : block.edges)
        if (other.when == Edge::When::in_range && other.low == other.high)
          evaluate_.refine_not(block.condition, other.low, next);
      break;
    case Edge::When::always:
      if (known_number && has_label(block, value.integer))
        continue; // a label that is not known is another one
      break;
    }
    next.told |= state.process == ProcessRole::worker && truth == Truth::unknown && says_unprepared(block, edge);
    take(number, edge, next, again, truth != Truth::unknown || !says_unbound(block, edge, state));
  }
  const bool is_switch = block.edges.size() > 1 && block.edges.front().when != Edge::When::if_true &&
                         block.edges.front().when != Edge::When::if_false;
  if (block.edges.size() > 1 && (is_switch ? !known_number : truth == Truth::unknown))
    ways_of(state).undecided.insert(number);
}

FunctionWalk::States FunctionWalk::run_steps(std::uint32_t block, const State &state) {
  States states = {state};
  for (const Step &step : function_.facts.blocks[block].steps) {
    States next;
    for (State &at : states) {
      if (step.kind == Step::Kind::call) {
        for (State &after : run_call(block, step.call, at))
          if (std::find(next.begin(), next.end(), after) == next.end())
            next.push_back(std::move(after));
        continue;
      }
      if (step.assign.by_address) {
        evaluate_.forget_number(step.assign.target, at);
        next.push_back(std::move(at));
        continue;
      }
      Value value = evaluate_.read(step.assign.value, at);
      if (step.kind == Step::Kind::assign) {
        evaluate_.write(step.assign.target, std::move(value), at);
      } else {
        at.failing = value.is_negative();
        at.cells[kReturned] = std::move(value);
      }
      next.push_back(std::move(at));
    }
    states = std::move(next);
  }
  return states;
}

void FunctionWalk::visit(const Arrival &arrival) {
  const auto &[block, state, again] = arrival;
  for (const State &after : run_steps(block, state)) {
    if (after.process != state.process || after.fork != state.fork) {
      ways_of(after).starts.insert(vertex(block, again));
      ways_of(after).forked_in.insert({{state.process, state.fork}, block});
    }
    leave_block(block, after, again);
  }
}

void FunctionWalk::run(const State &entry) {
  ways_of(entry).starts.insert(function_.facts.entry);
  enter(function_.facts.entry, entry, false);
  while (!pending_.empty() && visits_++ < kMaxVisits) {
    std::pop_heap(pending_.begin(), pending_.end(), comes_later);
    const Arrival arrival = std::move(pending_.back());
    pending_.pop_back();
    visit(arrival);
  }
  for (auto &[process, ways] : ways_)
    if (process.first == ProcessRole::worker)
      find_endless_loops(function_.facts, ways);
  out_.lasts = !ways_of(entry).lasting.empty();
  std::stable_sort(out_.items.begin(), out_.items.end(),
                   [](const Item &a, const Item &b) { return a.block > b.block; });
  find_conditions(function_.facts, ways_,
                  [&](const FactPlace &at) { return program_.place(function_.translation_unit, at); }, out_.items);
  doubt_targets();
  out_.does_something_on_error = std::any_of(out_.items.begin(), out_.items.end(), [](const Item &item) {
    return item.only_on_error || (item.passes_error_on && item.into->does_something_on_error);
  });
}

} // namespace initorder
