// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a pack asks of a call's arguments, and what it says of the memory behind them.
#include "analyzer/simulate/function_walk.h"

#include <algorithm>

namespace initorder {
namespace {

Truth both(Truth a, Truth b) {
  return a == Truth::no || b == Truth::no ? Truth::no : a == Truth::unknown ? a : b;
}

Truth of(bool known) { return known ? Truth::yes : Truth::no; }

/// Whether the value is one of those asked for; what is not known perhaps is.
Truth is_one_of(const ArgumentTest &test, const Value &value) {
  const auto is = [&](std::int64_t number) { return value.kind == Value::Kind::integer && value.integer == number; };
  const auto may_be = [&](std::int64_t number) { return !value.is_not(number); };
  if (!test.is.empty() && std::none_of(test.is.begin(), test.is.end(), may_be))
    return Truth::no;
  if (std::any_of(test.is_not.begin(), test.is_not.end(), is))
    return Truth::no;
  const bool certain = (test.is.empty() || std::any_of(test.is.begin(), test.is.end(), is)) &&
                       std::none_of(test.is_not.begin(), test.is_not.end(), may_be);
  return certain ? Truth::yes : Truth::unknown;
}

Truth has_bits(const ArgumentTest &test, const Value &value) {
  if (test.has_bits == 0 && test.lacks_bits == 0)
    return Truth::yes;
  if (value.kind != Value::Kind::integer)
    return Truth::unknown;
  return of((value.integer & test.has_bits) == test.has_bits && (value.integer & test.lacks_bits) == 0);
}

/// Whether an assignment makes a number of a local: a constant, what comes out of a sum, `k++`.
bool counts(const Expr &value) {
  return value.kind == Expr::Kind::integer || value.kind == Expr::Kind::arithmetic ||
         (value.kind == Expr::Kind::unknown && value.operands.empty());
}

/// The variable or pointer that an expression leads to its target from: `pool` of &pool->locks[i].
const Expr &base_of(const Expr &pointer) {
  const Expr *at = &without_address(pointer);
  while (at->kind == Expr::Kind::field || at->kind == Expr::Kind::element || at->kind == Expr::Kind::dereference)
    at = &at->operands.front();
  return *at;
}

} // namespace

/// A constant, or a local that is only ever given numbers. One whose address a call has may be given anything.
bool FunctionWalk::is_number(const Expr &expr) const {
  if (expr.kind != Expr::Kind::local)
    return expr.kind == Expr::Kind::integer || expr.kind == Expr::Kind::arithmetic;
  const auto is_local = [&](const Expr &part) { return part.kind == Expr::Kind::local && part.index == expr.index; };
  bool given = false;
  for (const Block &block : function_.facts.blocks)
    for (const Step &step : block.steps) {
      if (step.kind == Step::Kind::assign && is_local(step.assign.target)) {
        if (!counts(step.assign.value))
          return false;
        given = true;
      }
      if (step.kind == Step::Kind::call &&
          std::any_of(step.call.arguments.begin(), step.call.arguments.end(), [&](const Expr &argument) {
            return argument.kind == Expr::Kind::address && is_local(argument.operands.front());
          }))
        return false;
    }
  return given;
}

/// Whether it can only be a function that never returns.
bool FunctionWalk::never_returns(const Value &value) const {
  const auto ends = [&](const Callable &callable) {
    return callable.kind == Callable::Kind::api ? callable.api->never_returns
                                                : program_.functions()[callable.function].facts.never_returns;
  };
  return value.kind == Value::Kind::functions && std::all_of(value.functions().begin(), value.functions().end(), ends);
}

std::optional<Memory> FunctionWalk::memory_of(const Expr &pointer, const State &state) const {
  const Expr &base = base_of(pointer);
  const Value value = evaluate_.read(base, state);
  if (value.kind == Value::Kind::resource) {
    std::optional<Memory> all;
    for (const ResourceId id : value.resources()) {
      const auto given = walker_.memory_.find(id);
      if (given == walker_.memory_.end() || (all && *all != given->second))
        return std::nullopt;
      all = given->second;
    }
    return all;
  }
  if (pointer.kind != Expr::Kind::address || base.kind != Expr::Kind::variable)
    return std::nullopt;
  // A variable of the program, or a part of one that is a structure: not what a pointer leads to.
  const auto variable = program_.resolve_variable(function_.translation_unit, base.name);
  const VariableFacts *facts = variable ? program_.variables()[*variable].facts : nullptr;
  const bool whole = &base == &pointer.operands.front();
  return facts && (whole || !facts->record.empty()) ? std::optional(Memory::program) : std::nullopt;
}

Truth FunctionWalk::passes(const ArgumentTest &test, const CallSite &site, const State &state) const {
  const bool given = test.argument < site.arguments.size();
  const Value value = given ? site.arguments[test.argument] : Value{};
  Truth holds = both(is_one_of(test, value), has_bits(test, value));
  if (holds == Truth::no)
    return holds;
  const Expr nothing;
  const Expr &expr = given && test.argument < site.call.arguments.size() ? site.call.arguments[test.argument] : nothing;
  if (test.is_number)
    holds = both(holds, of(is_number(expr)));
  if (test.never_returns)
    holds = both(holds, of(never_returns(value)));
  if (test.memory)
    holds = both(holds, of(memory_of(expr, state) == test.memory));
  if (!test.points_to.empty()) {
    const bool is_null = value.kind == Value::Kind::integer && value.integer == 0;
    const Value stored = is_null ? value : evaluate_.read(without_address(expr), state);
    const bool known = stored.kind == Value::Kind::integer && (is_null || expr.kind == Expr::Kind::address);
    holds = both(holds, of(known && std::find(test.points_to.begin(), test.points_to.end(), stored.integer) !=
                                        test.points_to.end()));
  }
  return holds;
}

Truth FunctionWalk::passes(const std::vector<ArgumentTest> &tests, const CallSite &site, const State &state) const {
  Truth holds = Truth::yes;
  for (const ArgumentTest &test : tests)
    holds = both(holds, passes(test, site, state));
  return holds;
}

/// What the call returns is a handle that stands for the memory: it is followed like one that is opened.
void FunctionWalk::give_memory(const CallSite &site, const LibraryFunction &api, State &state) {
  for (const GivesMemory &gives : api.gives)
    if (passes(gives.when, site, state) == Truth::yes) {
      const ResourceId id = (ResourceId{index_} << 32) | site.call.index;
      walker_.memory_[id] = gives.memory;
      state.cells[result_location(site.call.index)] = Value::handle(id);
      return;
    }
}

void FunctionWalk::store(const CallSite &site, const LibraryFunction &api, State &state) const {
  if (!api.stores || api.stores->into >= site.call.arguments.size())
    return;
  Value value = Value::of(api.stores->number);
  if (api.stores->argument)
    value = *api.stores->argument < site.arguments.size() ? site.arguments[*api.stores->argument] : Value{};
  evaluate_.write(without_address(site.call.arguments[api.stores->into]), std::move(value), state);
}

} // namespace initorder
