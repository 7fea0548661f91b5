// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/code_events.h"

#include "deployment/call_order.h"
#include "deployment/entry_addresses.h"
#include "deployment/library_version.h"
#include "deployment/own_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace initorder::deployment {

namespace {

constexpr unsigned kDeepestCallback = 4;

/// Whether an argument passes; none: not known.
std::optional<bool> passes(const ArgumentTest &test, const MachineValue &value, const elf::Object &object) {
  using Kind = MachineValue::Kind;
  // Where a thing on the heap or in shared memory comes from, and what was stored in it, code alone does not show; what
  // a function does in the end is not looked up.
  if (test.never_returns || !test.points_to.empty() || (test.memory && *test.memory != Memory::program))
    return false;
  if (value.kind == Kind::unknown)
    return test.memory || test.is_number ? std::optional(false) : std::nullopt;
  if (test.memory) {
    if (value.kind != Kind::own_address)
      return value.kind == Kind::number ? std::optional(false) : std::nullopt;
    const FileAddr address{static_cast<std::uint64_t>(value.number)};
    return std::ranges::any_of(object.segments(), [&](const elf::Segment &segment) {
      return segment.writable && address >= segment.begin && address < segment.end;
    });
  }
  if (test.is_number && value.kind != Kind::number)
    return false;
  if (value.kind == Kind::number && ((value.number & test.has_bits) != test.has_bits || (value.number & test.lacks_bits) != 0))
    return false;
  // An address is none of the small numbers that packs name.
  const auto is_one_of = [&](const std::vector<std::int64_t> &numbers) {
    return value.kind == Kind::number && std::ranges::find(numbers, value.number) != numbers.end();
  };
  return (test.is.empty() || is_one_of(test.is)) && !is_one_of(test.is_not);
}

} // namespace

CodeEvents::CodeEvents(const Deployment &deployment, const Packs &packs)
    : deployment_(deployment), packs_(predicted(packs)) {
  for (const LibraryPack &pack : packs_.libraries)
    for (const LibraryFunction &function : pack.functions)
      functions_.emplace(function.name, Function{pack.name, &function});
  for (const HostPack &host : packs_.hosts)
    if (host.name == deployment.host->name)
      for (const LibraryFunction &function : host.functions)
        functions_.emplace(function.name, Function{host.name, &function});
  for (const LibraryPack &pack : packs_.libraries)
    versions_[pack.name] = known_version(pack, version_of(pack, deployment));
  for (const ProcessRole role : {ProcessRole::main, ProcessRole::worker})
    facts_[role] = facts_in(role);
  // A table is filled in one entry point and used in another, and a variable that one of them writes is no other's to rely
  // on: so this comes before all walks that make events.
  for (const InstalledModule &module : deployment.modules)
    if (module.object && is_of_interest(*module.object))
      own_facts_[*module.object] = own_facts_of(deployment, module, facts_);
}

bool CodeEvents::is_of_interest(std::size_t object) const {
  const auto is_table_call = [&](const std::string &name) {
    return std::ranges::find(deployment_.host->config.function_tables, name, &FunctionTable::call) !=
           deployment_.host->config.function_tables.end();
  };
  const auto [known, is_new] = of_interest_.try_emplace(object);
  if (is_new)
    known->second = std::ranges::any_of(deployment_.image.objects()[object].linkage->imports, [&](const auto &import) {
      return functions_.contains(import.second) || is_table_call(import.second);
    });
  return known->second;
}

const CodeCalls &CodeEvents::calls_of(const Root &root) {
  const auto [facts, is_new] = facts_of_.try_emplace({root.place.process, root.object}, facts_.at(root.place.process));
  if (const auto own = own_facts_.find(root.object); is_new && own != own_facts_.end()) {
    facts->second.fields = own->second.fields;
    facts->second.words = own->second.words;
    facts->second.nulls = own->second.nulls;
  }
  return deployment_.walks->calls(deployment_.image.objects()[root.object], facts->second, root.address, root.arguments);
}

void CodeEvents::add_hooks_of(const Root &root, const CodeCall &call) {
  const MappedObject &object = deployment_.image.objects()[root.object];
  for (const FunctionTable &table : deployment_.host->config.function_tables)
    for (const FunctionTable::Field &field : table.fields) {
      const auto word = field_of(call, table, field);
      const auto function = word && !field.runs_in.empty() ? object.linkage->pointer(*word) : std::nullopt;
      if (!function)
        continue;
      Root hook = root;
      hook.address = *function;
      hook.arguments.clear();
      hook.path = path_of(root, call);
      hooks_.push_back({field.runs_in, std::move(hook)});
    }
}

void CodeEvents::add_hooks(const Phase &phase, std::vector<Event> &out) {
  const std::vector<Hook> hooks = hooks_;
  for (const Hook &hook : hooks) {
    if (hook.phase != phase.id)
      continue;
    Root root = hook.root;
    root.place = {phase.id, phase.process, 0, ThreadRole::main, root.module->loaded.name};
    root.path.push_back({{place_in(root.object, root.address)}, "", "phase " + phase.id + " runs this function of " +
                                                                        root.module->loaded.name});
    walk(root, out);
  }
}

std::vector<Caveat> CodeEvents::caveats() const {
  std::map<std::string, unsigned> in_objects;
  for (const auto &[object, site] : not_followed_)
    ++in_objects[deployment_.image.objects()[object].file];
  std::vector<std::string> places;
  for (const auto &[file, count] : in_objects)
    places.push_back(fmt::format("{} of {}", count, file));
  std::vector<Caveat> out;
  if (!places.empty())
    out.push_back({Caveat::Kind::cannot_tell, {}, fmt::format("cannot tell where calls through pointers lead: {}", fmt::join(places, ", "))});
  if (!cut_.empty())
    out.push_back({Caveat::Kind::cannot_tell, {}, fmt::format("cannot tell all that this code does, there is too much of it: {}", fmt::join(cut_, ", "))});
  return out;
}

std::string CodeEvents::place_in(std::size_t object, FileAddr address) const {
  return fmt::format("{}+{:#x}", deployment_.image.objects()[object].file, number(address));
}

CodeFacts CodeEvents::facts_in(ProcessRole role) const {
  CodeFacts out;
  const HostPack &host = *deployment_.host;
  for (const PlaceVariable &variable : host.place_variables)
    out.globals[variable.global] = role == ProcessRole::main ? variable.in_main : variable.in_worker;
  for (const ScenarioVariable &variable : host.scenario) {
    const auto known = deployment_.variables.find(variable.name);
    if (variable.global.empty() || known == deployment_.variables.end() || known->second.empty() ||
        known->second.find_first_not_of("-0123456789") != std::string::npos || known->second.size() > 9)
      continue;
    out.globals[variable.global] = std::stoll(known->second);
    for (const std::string &other : variable.also_globals)
      out.globals[other] = out.globals[variable.global];
  }
  for (const auto &[name, known] : functions_)
    if (known.function->never_returns)
      out.never_return.insert(name);
  return out;
}

std::vector<PathStep> CodeEvents::path_of(const Root &root, const CodeCall &call) const {
  std::vector<PathStep> out = root.path;
  for (const FileAddr site : call.path)
    out.push_back({{place_in(root.object, site)}, "", "calls a function of " + deployment_.image.objects()[root.object].file});
  out.push_back({{place_in(root.object, call.site)}, "", "calls " + call.symbol + "()"});
  return out;
}

void CodeEvents::add_effects(const Root &root, const CodeCall &call, const Function &known, std::vector<Event> &out) {
  const MappedObject &object = deployment_.image.objects()[root.object];
  for (const CallEffect &effect : known.function->effects) {
    const std::string version = versions_.contains(known.pack) ? versions_.at(known.pack) : "";
    bool is_out = !version.empty() && !effect.versions.empty() &&
                  std::ranges::find(effect.versions, version) == effect.versions.end();
    for (const ArgumentTest &test : effect.when)
      is_out = is_out || (test.argument < call.arguments.size() &&
                          passes(test, call.arguments[test.argument], *object.object) == false);
    if (is_out)
      continue;
    Event event;
    event.effect = effect.effect;
    event.call = known.function->name;
    event.library = known.pack;
    event.why = effect.why;
    event.source = known.function->source;
    event.place = root.place;
    event.site = {object.file}; // the path has the address
    event.site_unit = root.module->loaded.name;
    event.path = path_of(root, call);
    event.certainty = root.module->loaded.guard.certainty;
    event.unless_earlier = effect.unless_earlier;
    // Which handle a call works on the code does not say. Within one module it is taken to be one and the same: where
    // threads are joined, the one that was started is.
    if (known.function->resource)
      event.resource = resources_.try_emplace({root.object, known.pack}, resources_.size() + 1).first->second;
    out.push_back(std::move(event));
  }
}

void CodeEvents::run_callback(const Root &root, const CodeCall &call, const RunsCallback &callback,
                              std::vector<Event> &out) {
  if (callback.argument >= call.arguments.size() || root.depth >= kDeepestCallback)
    return;
  const MachineValue &function = call.arguments[callback.argument];
  if (function.kind != MachineValue::Kind::own_address)
    return;
  Root next = root;
  next.address = FileAddr{static_cast<std::uint64_t>(function.number)};
  next.arguments.clear();
  next.path = path_of(root, call);
  ++next.depth;
  switch (callback.when) {
  case RunsCallback::When::now_in_thread:
    next.place.thread = ThreadRole::other;
    [[fallthrough]];
  case RunsCallback::When::now:
    return walk(next, out);
  case RunsCallback::When::at_fork_parent_before:
  case RunsCallback::When::at_fork_parent:
  case RunsCallback::When::at_fork_child:
    if (root.place.process == ProcessRole::main)
      handlers_.push_back({callback.when, std::move(next)});
    return;
  case RunsCallback::When::at_exit:
    return;
  }
}

/// The calls that open something of the pack's.
std::vector<const CodeCall *> CodeEvents::opening(const CodeCalls &calls, const std::string &pack) const {
  std::vector<const CodeCall *> out;
  for (const CodeCall &call : calls.calls) {
    const auto [begin, end] = functions_.equal_range(call.symbol);
    if (std::any_of(begin, end, [&](const auto &known) {
          return known.second.pack == pack && known.second.function->resource && !known.second.function->resource->closes;
        }))
      out.push_back(&call);
  }
  return out;
}

void CodeEvents::walk(const Root &root, std::vector<Event> &out) {
  const CodeCalls &found = calls_of(root); // stays where it is, whatever else is walked
  for (const FileAddr site : found.not_followed)
    not_followed_.insert({root.object, site});
  if (found.is_cut)
    cut_.insert(deployment_.image.objects()[root.object].file);
  std::vector<Event> closing;
  CallOrder order(deployment_.image.objects()[root.object], found);
  std::map<std::string, std::vector<const CodeCall *>> openers; // by pack
  for (const CodeCall &call : found.calls) {
    add_hooks_of(root, call);
    const auto [begin, end] = functions_.equal_range(call.symbol);
    for (auto known = begin; known != end; ++known) {
      const auto &resource = known->second.function->resource;
      // Each function's calls are found once, however often it is called: what is opened anew after a call that closes is
      // not closed by it, and what is closed otherwise is closed at last.
      if (!resource || !resource->closes)
        add_effects(root, call, known->second, out);
      else {
        const auto [of_pack, is_new] = openers.try_emplace(known->second.pack);
        if (is_new)
          of_pack->second = opening(found, known->second.pack);
        if (!order.may_be_followed(call, of_pack->second))
          add_effects(root, call, known->second, closing);
      }
      for (const RunsCallback &callback : known->second.function->runs)
        run_callback(root, call, callback, out);
    }
  }
  out.insert(out.end(), std::make_move_iterator(closing.begin()), std::make_move_iterator(closing.end()));
}

void CodeEvents::add_entry(const InstalledModule &module, const Phase &phase, const EntryPoint &entry, unsigned process,
                           std::vector<Event> &out) {
  if (!module.object || !is_of_interest(*module.object))
    return;
  // Only those that ask for it are entered; by a server that does not know the question, all are.
  if (!entry.if_calls.empty() && !deployment_.program.empty() &&
      deployment_.image.objects().front().object->find(entry.if_calls)) {
    const auto &imports = deployment_.image.objects()[*module.object].linkage->imports;
    if (std::ranges::none_of(imports, [&](const auto &import) { return import.second == entry.if_calls; }))
      return;
  }
  for (const FileAddr address : addresses_of(deployment_, module, phase, entry)) {
    Root root{&module, *module.object, address, entry.arguments, {}, {}};
    root.place = {phase.id, phase.process, process, ThreadRole::main, module.loaded.name};
    root.path = {{module.loaded.at, "", "loadmodule " + module.loaded.name},
                 {{place_in(*module.object, address)}, "", "phase " + phase.id + " runs this function of " + module.loaded.name}};
    walk(root, out);
  }
}

void CodeEvents::add_constructors(const InstalledModule &module, std::size_t object, const Phase &phase,
                                  std::vector<Event> &out) {
  if (!is_of_interest(object))
    return;
  for (const FileAddr address : deployment_.image.objects()[object].object->constructors()) {
    Root root{&module, object, address, {}, {}, {}};
    root.place = {phase.id, phase.process, 0, ThreadRole::main, module.loaded.name};
    root.path = {{module.loaded.at, "", "loadmodule " + module.loaded.name},
                 {{place_in(object, address)}, "", "the loader runs this ELF constructor"}};
    walk(root, out);
  }
}

void CodeEvents::add_fork_handlers(const Phase &phase, unsigned child, std::vector<Event> &out) {
  const std::vector<ForkHandler> handlers = handlers_;
  for (const ForkHandler &handler : handlers) {
    const bool in_child = handler.when == RunsCallback::When::at_fork_child;
    Root root = handler.root;
    root.place = {phase.id, in_child ? ProcessRole::worker : ProcessRole::main, in_child ? child : 0, ThreadRole::main,
                  root.module->loaded.name};
    root.path.push_back({{place_in(root.object, root.address)}, "", "phase " + phase.id + ": runs this at-fork handler"});
    walk(root, out);
  }
}

} // namespace initorder::deployment
