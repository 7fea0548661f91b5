// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a call does to a state: through a pack's word, or by walking into the function.
#include "analyzer/simulate/function_walk.h"

#include <algorithm>

namespace initorder {

ResourceId any_of_library(const std::string &library) {
  return (ResourceId{1} << 63) | std::hash<std::string>{}(library);
}

namespace {

/// What fork returns in the parent: some number above zero.
constexpr std::int64_t kSomeProcess = 1'000'000;

std::string text_of(const Expr &callee) {
  switch (callee.kind) {
  case Expr::Kind::function:
  case Expr::Kind::variable:
    return callee.name;
  case Expr::Kind::field:
    return plain_record(callee.record) + "." + callee.name.text();
  case Expr::Kind::dereference:
  case Expr::Kind::element:
    return text_of(callee.operands.front());
  case Expr::Kind::parameter:
    return "the function passed as argument " + std::to_string(callee.index + 1);
  default:
    return "a function pointer";
  }
}

} // namespace

void FunctionWalk::record(Item item) {
  for (Item &known : out_.items)
    if (known.identity() == item.identity())
      return;
  out_.items.push_back(std::move(item));
}

Item FunctionWalk::item_at(const CallSite &site, std::string callee, const State &state) const {
  Item item;
  item.block = site.block;
  item.call = site.call.index;
  item.at = site.call.at;
  item.callee = std::move(callee);
  item.process = state.process;
  item.fork = state.fork;
  return item;
}

/// Those that are not of a module that is absent in this scenario.
std::vector<Callable> FunctionWalk::loaded(std::vector<Callable> targets) const {
  std::erase_if(targets, [&](const Callable &target) {
    if (target.kind != Callable::Kind::function)
      return false;
    const auto number = program_.presence_variable(program_.functions()[target.function].unit);
    return number && walker_.fixed().by_scenario[*number] == 0;
  });
  return targets;
}

/// What a pointer holds on each way that meets the call is called for certain; what it holds on some, perhaps.
void FunctionWalk::note_targets(std::uint32_t block, const CallFact &call, const State &state,
                                const std::vector<Callable> &targets) {
  const auto [known, added] = targets_on_each_way_.try_emplace({block, call.index, state.process}, targets);
  if (!added)
    std::erase_if(known->second, [&](const Callable &target) {
      return std::find(targets.begin(), targets.end(), target) == targets.end();
    });
}

void FunctionWalk::doubt_targets() {
  for (Item &item : out_.items) {
    const auto known = targets_on_each_way_.find({item.block, item.call, item.process});
    if (known == targets_on_each_way_.end() || !item.into)
      continue;
    const Callable target{Callable::Kind::function, item.into->function, nullptr};
    if (std::find(known->second.begin(), known->second.end(), target) == known->second.end())
      item.certainty = Certainty::maybe;
  }
}

std::vector<Callable> FunctionWalk::targets_of(const Expr &callee, const State &state) const {
  const Value value = evaluate_.read(callee, state);
  if (value.kind == Value::Kind::functions)
    return {value.functions().begin(), value.functions().end()};
  if (callee.kind == Expr::Kind::field)
    return loaded(program_.field_targets(callee.record, callee.name));
  if (callee.kind == Expr::Kind::variable)
    if (const auto variable = program_.resolve_variable(function_.translation_unit, callee.name))
      return loaded(program_.variable_targets(*variable));
  if (callee.kind == Expr::Kind::dereference || callee.kind == Expr::Kind::element)
    return targets_of(callee.operands.front(), state);
  return {};
}

void FunctionWalk::add_effects(const CallSite &site, const LibraryFunction &api, const State &state, Item &item) const {
  const auto number = program_.scenario_variable(version_variable(program_.library_of(&api)));
  const auto version = number ? walker_.fixed().by_scenario[*number] : std::nullopt;
  for (const CallEffect &effect : api.effects) {
    const Truth holds = program_.has_effect(&api, effect, version) ? passes(effect.when, site, state) : Truth::no;
    const ProcessRole process = effect.in_child ? ProcessRole::worker : item.process;
    if (holds != Truth::no && program_.wanted().contains(effect.effect, process))
      item.effects.emplace_back(&effect,
                                holds == Truth::yes && !effect.perhaps ? Certainty::always : Certainty::maybe);
  }
}

void FunctionWalk::open_or_close(const CallSite &site, const LibraryFunction &api, Item &item, State &state) {
  if (!api.resource)
    return;
  const ResourceRef &ref = *api.resource;
  const auto &arguments = site.call.arguments;
  const bool has_argument = ref.argument < arguments.size();
  if (!ref.closes) {
    const ResourceId id = call_id(index_, site.call.index);
    walker_.openers_[id] = &api;
    item.resources = {id};
    state.open.insert(id);
    state.closed.erase(id);
    if (ref.in == ResourceRef::In::result)
      state.cells[result_location(site.call.index)] = Value::handle(id);
    else if (has_argument)
      evaluate_.write(without_address(arguments[ref.argument]), Value::handle(id), state);
    if (ref.success)
      state.cells[result_location(site.call.index)] = Value::of(*ref.success);
    return;
  }
  const Value handle = ref.in == ResourceRef::In::result || !has_argument ? Value{}
                       : ref.in == ResourceRef::In::argument
                           ? site.arguments[ref.argument]
                           : evaluate_.read(without_address(arguments[ref.argument]), state);
  item.closes = true;
  if (handle.kind == Value::Kind::resource) {
    item.resources.assign(handle.resources().begin(), handle.resources().end());
    for (const ResourceId id : handle.resources()) {
      state.open.erase(id);
      state.closed.insert(id);
    }
    return;
  }
  const std::string &library = program_.library_of(&api);
  state.perhaps_closed.insert(any_of_library(library));
  for (const ResourceId id : state.open)
    if (program_.library_of(walker_.opener(id)) == library)
      state.perhaps_closed.insert(id);
}

void FunctionWalk::run_callbacks(const CallSite &site, const LibraryFunction &api, Item &item, State &state) {
  const Location result = result_location(site.call.index);
  const auto known = state.cells.find(result);
  const std::optional<Value> own_result = known == state.cells.end() ? std::nullopt : std::optional(known->second);
  for (const RunsCallback &run : api.runs) {
    if (run.argument >= site.arguments.size())
      continue;
    const Value &pointer = site.arguments[run.argument];
    if (run.when != RunsCallback::When::now && run.when != RunsCallback::When::now_in_thread) {
      for (const Callable &callable : pointer.functions())
        item.registers.emplace_back(run.when, callable);
      continue;
    }
    if (pointer.kind == Value::Kind::unknown || pointer.kind == Value::Kind::not_zero ||
        pointer.kind == Value::Kind::none_of) {
      Item unknown = item_at(site, text_of(site.call.arguments[run.argument]), state);
      unknown.untold = true;
      record(std::move(unknown));
    }
    CallSite inner{site.block, site.call, {}};
    for (const unsigned argument : run.with)
      inner.arguments.push_back(argument < site.arguments.size() ? site.arguments[argument] : Value{});
    for (const Callable &callable : pointer.functions()) {
      Item into = item_at(site, api.name, state);
      if (run.when == RunsCallback::When::now_in_thread)
        into.thread = call_id(index_, site.call.index);
      // A thread that never ends leaves the caller's state as it was.
      const States after = run_function(inner, callable, state, std::move(into));
      if (after.empty())
        continue;
      State joined = after.front();
      for (const State &other : after)
        if (other.process == joined.process && other.fork == joined.fork)
          join_into(joined, other);
      state = std::move(joined);
    }
  }
  // What the call itself returns is not what its callback returns.
  if (own_result)
    state.cells[result] = *own_result;
  else
    state.cells.erase(result);
}

FunctionWalk::States FunctionWalk::run_api(const CallSite &site, const LibraryFunction &api, const State &before) {
  State state = before;
  Item item = item_at(site, api.name, state);
  item.api = &api;
  // How the processes of a server end that was told to is no matter of its start.
  if (!(api.never_returns && state.told))
    add_effects(site, api, state, item);
  give_memory(site, api, state);
  store(site, api, state);
  if (api.success)
    state.cells[result_location(site.call.index)] = Value::of(*api.success);
  if (api.only_failure) {
    state.cells[result_location(site.call.index)] = Value::of(*api.only_failure);
    note_lasting(site, state);
  }
  open_or_close(site, api, item, state);
  run_callbacks(site, api, item, state);
  if (!item.effects.empty() || item.closes || !item.registers.empty() || api.forks)
    record(item);
  if (api.never_returns)
    return {};
  if (!api.forks)
    return {std::move(state)};
  State child = state;
  State &worker = state.parent_ends ? state : child;
  worker.process = ProcessRole::worker;
  worker.fork = call_id(index_, site.call.index);
  const Location result = result_location(site.call.index);
  state.cells[result] = Value::of(kSomeProcess);
  child.cells[result] = Value::of(0);
  return {std::move(state), std::move(child)};
}

/// The main process goes on to fork: a start that hangs is not the matter here.
void FunctionWalk::note_lasting(const CallSite &site, const State &state) {
  if (state.process == ProcessRole::main)
    return;
  TakenWays &ways = ways_of(state);
  ways.lasting.insert(site.block);
  const auto [known, added] = ways.lasting_calls.try_emplace(site.block, site.call.index);
  known->second = std::min(known->second, site.call.index);
}

FunctionWalk::States FunctionWalk::run_function(const CallSite &site, const Callable &target, const State &state,
                                                Item item) {
  if (target.kind == Callable::Kind::api)
    return run_api(site, *target.api, state);
  const Function &called = program_.functions()[target.function];
  if (!followed(called, state.process)) {
    if (called.facts.runs_for_ever || called.facts.serves)
      note_lasting(site, state);
    State after = state;
    after.told |= called.facts.serves_until_told && state.process == ProcessRole::worker;
    return called.facts.never_returns ? States{} : States{std::move(after)};
  }
  const Summary &summary = walker_.walk(target.function, site.arguments, state);
  if (summary.lasts && !item.thread)
    note_lasting(site, state);
  item.into = &summary;
  if (!summary.done || !summary.items.empty())
    record(std::move(item));
  States out;
  for (const Outcome &outcome : summary.outcomes) {
    State after = state;
    walker_.adopt(target.function, outcome.state, after);
    const Location result = result_location(site.call.index);
    if (outcome.result.kind == Value::Kind::unknown)
      after.cells.erase(result);
    else if (outcome.result.kind == Value::Kind::fields)
      for (const auto &[name, value] : outcome.result.fields())
        after.cells[result.below(name)] = value;
    else
      after.cells[result] = outcome.result;
    if (std::find(out.begin(), out.end(), after) == out.end())
      out.push_back(std::move(after));
  }
  return out;
}

// What a driver keeps for itself is nothing to who calls it: for him only the result tells the states apart.
void FunctionWalk::join_drivers(const Location &result, States &states) const {
  const auto result_in = [&](const State &state) {
    const auto found = state.cells.find(result);
    return found == state.cells.end() ? Value{} : found->second;
  };
  States out;
  for (State &state : states) {
    const auto same = std::find_if(out.begin(), out.end(), [&](const State &other) {
      return other.process == state.process && other.failing == state.failing && other.told == state.told && other.open == state.open &&
             other.closed == state.closed && result_in(other) == result_in(state);
    });
    if (same == out.end())
      out.push_back(std::move(state));
    else
      join_into(*same, state);
  }
  states = std::move(out);
}

FunctionWalk::States FunctionWalk::run_call(std::uint32_t block, const CallFact &call, const State &state) {
  CallSite site{block, call, {}};
  for (const Expr &argument : call.arguments)
    site.arguments.push_back(evaluate_.read(argument, state));
  State before = state;
  before.cells.erase(result_location(call.index));
  if (call.callee.kind == Expr::Kind::function) {
    const auto target = program_.resolve(function_.translation_unit, call.callee.name);
    return target ? run_function(site, *target, before, item_at(site, call.callee.name, before)) : States{before};
  }
  const LibraryFunction *api =
      call.callee.kind == Expr::Kind::field ? program_.field_api(call.callee.record, call.callee.name) : nullptr;
  States states = api ? run_api(site, *api, before) : States{before};
  const std::vector<Callable> targets =
      api && api->opaque ? std::vector<Callable>{} : targets_of(call.callee, before);
  note_targets(block, call, before, targets);
  if (targets.empty() && !api) {
    Item unknown = item_at(site, text_of(call.callee), before);
    unknown.untold = true;
    record(std::move(unknown));
  }
  const bool closes = api && api->resource && api->resource->closes;
  const LibraryFunction *const interface =
      call.callee.kind == Expr::Kind::field ? program_.opener_of(call.callee.record) : nullptr;
  const LibraryFunction *const opens_as = closes ? nullptr : interface;
  States out;
  for (const State &at : states)
    for (const Callable &target : targets) {
      Item item = item_at(site, text_of(call.callee), at);
      item.opens_as = opens_as;
      if (targets.size() > 1 && target.kind == Callable::Kind::function)
        item.conditions.push_back(text_of(call.callee) + " is " + program_.functions()[target.function].facts.name);
      for (State &after : run_function(site, target, at, std::move(item))) {
        // The pack's word on what is open, and on the result (a handle), stands above what a driver does.
        if (opens_as) {
          after.open = at.open;
          after.closed = at.closed;
          after.perhaps_closed = at.perhaps_closed;
        }
        if (api)
          if (const auto result = at.cells.find(result_location(call.index)); result != at.cells.end())
            after.cells[result->first] = result->second;
        if (std::find(out.begin(), out.end(), after) == out.end())
          out.push_back(std::move(after));
      }
    }
  if (interface)
    join_drivers(result_location(call.index), out);
  return targets.empty() ? states : out;
}

} // namespace initorder
