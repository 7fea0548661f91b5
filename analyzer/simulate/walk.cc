// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/simulate/walk.h"

#include "analyzer/simulate/function_walk.h"

#include <algorithm>

namespace initorder {
namespace {

constexpr unsigned kMaxDepth = 80; ///< of calls: what lies deeper is not followed

/// The part of a state that the function can see: the variables it reads, and handles in structures. Of
/// functions that all call each other one walk must do for all callers: they see nothing.
State visible_to(const Function &function, const State &state) {
  State out;
  out.process = state.process;
  out.parent_ends = state.parent_ends;
  if (function.entangled)
    return out;
  for (const auto &[location, value] : state.cells)
    if (location.kind == Location::Kind::record ||
        (location.kind == Location::Kind::variable && function.reads.contains(location.index)))
      out.cells.append({location, value});
  return out;
}

std::vector<Value> visible_to(const Function &function, std::vector<Value> arguments) {
  arguments.resize(std::min<std::size_t>(arguments.size(), function.facts.parameters));
  for (Value &argument : arguments)
    if (function.entangled && argument.kind != Value::Kind::integer && argument.kind != Value::Kind::functions)
      argument = {};
  return arguments;
}

std::vector<std::optional<std::int64_t>> asked_by(const Function &function, const FixedVariables &fixed) {
  std::vector<std::optional<std::int64_t>> out;
  for (std::size_t number = 0; number < fixed.by_scenario.size(); ++number)
    if (function.asks >> number & 1)
      out.push_back(fixed.by_scenario[number]);
  return out;
}

void bind_arguments(const std::vector<Value> &arguments, std::uint32_t parameters, State &state) {
  for (std::size_t i = 0; i < arguments.size() && i < parameters; ++i) {
    const Location at = parameter_location(static_cast<std::uint32_t>(i));
    if (arguments[i].kind == Value::Kind::fields)
      for (const auto &[name, value] : arguments[i].fields())
        state.cells[at.below(name)] = value;
    else if (arguments[i].kind != Value::Kind::unknown)
      state.cells[at] = arguments[i];
  }
}

/// Entangled functions were walked without their caller's handles. What they may write is much, and where they open
/// something they could not know that it is open: he has his handle, or theirs.
bool keeps_handle(const Function &called, const Value &value) {
  return called.entangled && value.kind == Value::Kind::resource;
}

} // namespace

const std::vector<std::unordered_set<Own>> &Walker::live_in(FunctionIndex function) {
  const auto [known, added] = live_.try_emplace(function);
  if (added)
    known->second = live_at_entry(program_.functions()[function].facts);
  return known->second;
}

const Summary &Walker::walk(FunctionIndex index, const std::vector<Value> &given, const State &state) {
  const Function &function = program_.functions()[index];
  const std::vector<Value> arguments = visible_to(function, given);
  State entry = visible_to(function, state);
  const auto [known, added] = summaries_.try_emplace(Key{index, arguments, asked_by(function, fixed_), entry});
  Summary &summary = known->second;
  if (!added && (summary.done || !summary.outcomes.empty()))
    return summary;
  summary.function = index;
  // Until it is done: a recursive call comes back with nothing learned.
  summary.outcomes = {{entry, {}}};
  if (depth_ >= kMaxDepth) {
    summary.done = true;
    return summary;
  }
  Summary fresh;
  fresh.function = index;
  bind_arguments(arguments, function.facts.parameters, entry);
  ++depth_;
  FunctionWalk(*this, index, fresh).run(entry);
  --depth_;
  fresh.done = true;
  summary = std::move(fresh);
  return summary;
}

void Walker::adopt(FunctionIndex function, const State &after, State &world) const {
  const Function &called = program_.functions()[function];
  const auto &writes = called.writes;
  world.cells.erase_if([&](const auto &cell) {
    const Location &at = cell.first;
    if (keeps_handle(called, cell.second))
      return false;
    return at.kind == Location::Kind::record ||
           (at.kind == Location::Kind::variable && writes.contains(at.index));
  });
  for (const auto &[location, value] : after.cells) {
    Value &known = world.cells[location];
    known = keeps_handle(called, known) ? join(known, value) : value;
  }
  for (const ResourceId id : after.closed) {
    world.open.erase(id);
    world.closed.insert(id);
  }
  for (const ResourceId id : after.perhaps_closed) {
    world.perhaps_closed.insert(id);
    for (const ResourceId open : world.open)
      if (id == any_of_library(program_.library_of(opener(open))))
        world.perhaps_closed.insert(open);
  }
  world.open.insert(after.open.begin(), after.open.end());
  world.process = after.process;
  world.told |= after.told;
  if (after.fork != 0)
    world.fork = after.fork;
}

} // namespace initorder
