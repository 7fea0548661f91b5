// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/simulate/walk.h"

#include "analyzer/simulate/function_walk.h"

#include <cstdlib>

namespace initorder {
namespace {

constexpr unsigned kMaxDepth = 80; ///< of calls: what lies deeper is not followed

/// The part of a state that the function can see: the variables it reads, and handles in structures. Of
/// functions that all call each other one walk must do for all callers: they see nothing.
State visible_to(const Function &function, const State &state) {
  State out;
  out.process = state.process;
  if (function.entangled)
    return out;
  for (const auto &[location, value] : state.cells)
    if (location.starts_with("r:"))
      out.cells.insert(out.cells.end(), {location, value});
    else if (location.front() == 'v' &&
             function.reads.contains(static_cast<VariableIndex>(std::strtoul(location.c_str() + 1, nullptr, 10))))
      out.cells.insert(out.cells.end(), {location, value});
  return out;
}

void bind_arguments(const std::vector<Value> &arguments, std::uint32_t parameters, State &state) {
  for (std::size_t i = 0; i < arguments.size() && i < parameters; ++i) {
    const Location at = "p" + std::to_string(i);
    if (arguments[i].kind == Value::Kind::fields)
      for (const auto &[name, value] : arguments[i].fields)
        state.cells[at + "." + name] = value;
    else if (arguments[i].kind != Value::Kind::unknown)
      state.cells[at] = arguments[i];
  }
}

} // namespace

const Summary &Walker::walk(FunctionIndex index, const std::vector<Value> &arguments, const State &state) {
  const Function &function = program_.functions()[index];
  State entry = visible_to(function, state);
  const auto [known, added] = summaries_.try_emplace(Key{index, arguments, entry});
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

} // namespace initorder
