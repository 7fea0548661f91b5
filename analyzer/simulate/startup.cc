// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One world goes from phase to phase. A worker starts with a copy of it and its changes are its own.
#include "analyzer/simulate/startup.h"

#include "analyzer/simulate/entries.h"
#include "analyzer/simulate/expand.h"
#include "analyzer/simulate/load_order.h"
#include "rules/deployment_effects.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include <fnmatch.h>

namespace initorder {
namespace {

FixedVariables fixed_by(const Program &program, const Packs &packs, const Scenario &scenario) {
  const HostPack &host = *program.tree().host;
  FixedVariables fixed;
  for (const ScenarioVariable &variable : host.scenario) {
    const auto value = scenario.find(variable.name);
    if (value == scenario.end())
      fixed.by_scenario.push_back(std::nullopt);
    else if (variable.load_order_of.empty())
      fixed.by_scenario.push_back(std::stoll(value->second));
    else
      fixed.by_scenario.push_back(value->second != kAbsent); // first or last is a matter of order, not of what a function does
  }
  for (const LibraryPack &library : packs.libraries) {
    if (library.versions.empty())
      continue;
    const auto value = scenario.find(library.name);
    const auto is_it = [&](const LibraryVersion &version) { return value != scenario.end() && version.value == value->second; };
    const auto version = std::ranges::find_if(library.versions, is_it);
    if (version == library.versions.end())
      fixed.by_scenario.push_back(std::nullopt);
    else
      fixed.by_scenario.push_back(program.same_version(library, version - library.versions.begin()));
  }
  for (const PlaceVariable &variable : host.place_variables)
    fixed.by_place[variable.global] = {variable.in_main, variable.in_worker};
  return fixed;
}

constexpr unsigned kMainProcess = 0;

class Startup {
public:
  Startup(const Program &program, const Packs &packs, const Scenario &scenario,
          const Configured *configured, Walker &walker)
      : program_(program), packs_(packs), host_(*program.tree().host), order_(program, scenario, configured),
        is_one_start_(configured), walker_(walker) {
    out_.sequence.scenario = scenario;
    for (VariableIndex v = 0; v < program.variables().size(); ++v) {
      const Variable &variable = program.variables()[v];
      if (variable.follow != Variable::Follow::flow || !variable.facts->record.empty())
        continue;
      if (!variable.facts->is_static && program.scenario_variable(variable.name))
        continue; // the scenario says what it is
      const Value value = variable.facts->has_initialiser
                              ? Evaluator::initial(program, variable.facts->initialiser, variable.translation_unit)
                              : Value::of(0);
      if (value.kind != Value::Kind::unknown)
        main_.cells[variable_location(v)] = value;
    }
  }

  Simulation run() {
    for (auto phase = host_.phases.begin(); phase != host_.phases.end(); ++phase) {
      note_interposers(*phase);
      if (!phase->module_by_module || phase + 1 == host_.phases.end()) {
        run_phase(*phase);
        continue;
      }
      const Phase &first = *phase, &second = *++phase;
      for (const unsigned unit : order_.units()) {
        note_load(first, unit);
        for (const Phase *each : {&first, &second})
          for (const EntryPoint &entry : each->entries)
            run_entry(*each, entry, unit, kMainProcess, main_);
      }
    }
    std::erase_if(out_.sequence.events, [&](const Event &event) { return !order_.is_there(event.site_unit); });
    return std::move(out_);
  }

private:
  void note_load(const Phase &phase, unsigned unit) {
    const ConfiguredModule *statement = order_.statement_for(unit);
    if (!statement)
      return;
    Event event;
    event.effect = kModuleLoad;
    event.call = "loadmodule " + statement->name;
    event.place = {phase.id, ProcessRole::main, kMainProcess, ThreadRole::main, statement->name};
    event.site = statement->at;
    event.site_unit = statement->name;
    event.path = {{statement->at, "", event.call}};
    if (!statement->condition.empty()) {
      event.certainty = Certainty::maybe;
      event.conditions.push_back(statement->condition);
    }
    out_.sequence.events.push_back(std::move(event));
  }

  void run_phase(const Phase &phase) {
    if (phase.fork)
      run_fork_handlers(phase.id, ++processes_, handlers_, {}, phase.parent_ends);
    main_.parent_ends = phase.parent_ends;
    for (const EntryPoint &entry : phase.entries) {
      const bool worker = phase.process == ProcessRole::worker;
      State world = main_;
      world.process = phase.process;
      const unsigned process = worker ? ++processes_ : kMainProcess;
      State &at = worker ? world : main_;
      if (entry.kind == EntryPoint::Kind::core_symbol)
        run_entry(phase, entry, 0, process, at);
      else
        for (const unsigned unit : order_.units())
          run_entry(phase, entry, unit, process, at);
    }
    main_.parent_ends = false;
  }

  Root root_for(const Phase &phase, const EntryPoint &entry, unsigned unit, unsigned process) {
    Root root;
    root.place = {phase.id, phase.process, process, ThreadRole::main, program_.tree().units[unit].name};
    root.processes = &processes_;
    if (const ConfiguredModule *statement = order_.statement_for(unit); statement && !statement->condition.empty()) {
      root.certainty = Certainty::maybe;
      root.conditions.push_back(statement->condition);
    }
    const auto [known, added] = opening_steps_.try_emplace(&entry);
    if (added)
      known->second = opening_step(program_, phase, entry);
    if (known->second)
      root.path.push_back(*known->second);
    return root;
  }

  void run_entry(const Phase &phase, const EntryPoint &entry, unsigned unit, unsigned process, State &world) {
    if (entry.kind == EntryPoint::Kind::link)
      return run_link(phase, entry, unit);
    if (entry.kind == EntryPoint::Kind::interposer)
      return;
    if (!program_.asks_for(unit, entry))
      return;
    for (const Entry &found : entries_of(program_, entry, unit)) {
      const Function &function = program_.functions()[found.function];
      if (!followed(function, world.process) && function.reads.empty())
        continue;
      Root root = root_for(phase, entry, unit, process);
      if (!asks_for(unit, entry, root))
        return;
      root.path.push_back({program_.place(function.translation_unit, function.facts.at), function.facts.name, found.how});
      const std::optional<bool> is_set = order_.sets(entry, unit, found.row);
      if (is_set == false)
        continue;
      if ((entry.one_of && !is_set) || found.perhaps) {
        root.certainty = Certainty::maybe;
        root.conditions.push_back("the configuration uses it");
      }
      std::vector<Value> arguments;
      for (const std::int64_t argument : entry.arguments)
        arguments.push_back(Value::of(argument));
      run_root(found.function, arguments, std::move(root), world);
    }
  }

  /// Whether the module has asked for the entry, in this scenario. What it takes to ask, it takes to be entered.
  bool asks_for(unsigned unit, const EntryPoint &entry, Root &root) const {
    const auto asking = std::find_if(host_.functions.begin(), host_.functions.end(), [&](const LibraryFunction &function) {
      return function.name == entry.if_calls && !function.effects.empty();
    });
    if (asking == host_.functions.end() || !program_.has_asking(entry))
      return true;
    const Event *asked = nullptr;
    for (const Event &event : out_.sequence.events)
      if (event.call == entry.if_calls && event.place.module == program_.tree().units[unit].name &&
          event.place.process == ProcessRole::main && (!asked || asked->certainty == Certainty::maybe))
        asked = &event;
    if (asked && asked->certainty == Certainty::maybe) {
      root.certainty = Certainty::maybe;
      root.conditions.insert(root.conditions.end(), asked->conditions.begin(), asked->conditions.end());
    }
    return asked;
  }

  void run_root(FunctionIndex function, const std::vector<Value> &arguments, Root root, State &world) {
    const Summary &summary = walker_.walk(function, arguments, world);
    adopt(function, summary, world);
    root.open_after = world.open;
    root.perhaps_closed_after = world.perhaps_closed;
    Expansion expansion = expand(walker_, summary, root);
    std::size_t done = 0;
    const auto add_events = [&](std::size_t end) {
      for (; done < end; ++done)
        out_.sequence.events.push_back(std::move(expansion.events[done]));
    };
    for (const Fork &fork : expansion.forks) {
      if (fork.parent != 0 || in_fork_handler_)
        continue;
      add_events(fork.begin);
      std::vector<RegisteredHandler> installed = handlers_;
      for (const RegisteredHandler &handler : expansion.handlers)
        if (handler.position <= fork.begin)
          installed.push_back(handler);
      run_fork_handlers(root.place.phase, fork.child, installed, [&] { add_events(fork.end); });
    }
    add_events(expansion.events.size());
    if (root.place.process != ProcessRole::main)
      return;
    for (RegisteredHandler &handler : expansion.handlers)
      handlers_.push_back(std::move(handler));
    out_.untold.insert(out_.untold.end(), expansion.untold.begin(), expansion.untold.end());
  }

  /// The world after the function: what holds on every way on which the server goes on.
  void adopt(FunctionIndex function, const Summary &summary, State &world) {
    std::optional<State> after;
    const auto goes_on = [&](const Outcome &outcome) {
      return outcome.state.process == world.process && outcome.state.fork == 0 && !outcome.state.failing;
    };
    for (const Outcome &outcome : summary.outcomes)
      if (!goes_on(outcome))
        continue;
      else if (after)
        join_into(*after, outcome.state);
      else
        after = outcome.state;
    if (!after)
      return;
    // What is opened on some ways alone need not be there when the next function asks.
    const auto has_handle = [](const Outcome &outcome, const Location &location) {
      const auto cell = outcome.state.cells.find(location);
      return cell != outcome.state.cells.end() && cell->second.kind == Value::Kind::resource;
    };
    for (auto &[location, value] : after->cells)
      for (const Outcome &outcome : summary.outcomes)
        if (location.kind == Location::Kind::variable && goes_on(outcome) && !has_handle(outcome, location))
          value = value.perhaps();
    walker_.adopt(function, *after, world);
  }

  /// What any of a pack's objects brings matters to the order of loading alone.
  bool is_brought(const LibraryPack &pack, const LinkEffect &effect, const std::string &object) const {
    if (!effect.link_library.empty())
      return "lib" + effect.link_library == object;
    return is_one_start_ && std::ranges::any_of(pack.objects, [&](const std::string &pattern) {
      return ::fnmatch(pattern.c_str(), object.c_str(), 0) == 0;
    });
  }

  void run_link(const Phase &phase, const EntryPoint &entry, unsigned unit) {
    if (!program_.is_enterable(unit))
      return;
    const LinkageUnit &module = program_.tree().units[unit];
    for (const MakefileFacts::Library &library : module.makefile.libraries)
      for (const LibraryPack &pack : packs_.libraries)
        for (const LinkEffect &effect : pack.on_load) {
          if (!is_brought(pack, effect, "lib" + library.name))
            continue;
          Event event;
          event.effect = effect.effect;
          event.call = "-l" + library.name;
          event.object = "lib" + library.name;
          event.library = pack.name;
          event.why = effect.why;
          event.source = effect.source;
          Root root = root_for(phase, entry, unit, 0);
          event.place = root.place;
          event.certainty = root.certainty;
          event.conditions = root.conditions;
          event.site = library.at;
          event.site_unit = module.name;
          event.path = std::move(root.path);
          event.path.push_back({library.at, {}, module.name + " links -l" + library.name});
          out_.sequence.events.push_back(std::move(event));
        }
  }

  /// A definition in the core stands above the library's for all; one elsewhere can be preloaded.
  void note_interposers(const Phase &phase) {
    for (const EntryPoint &entry : phase.entries)
      if (entry.kind == EntryPoint::Kind::interposer)
        for (const std::string &name : entry.names)
          for (unsigned unit = 0; unit < program_.tree().units.size(); ++unit)
            for (const FunctionIndex index : program_.unit_functions(unit, name)) {
              const Function &function = program_.functions()[index];
              Event event;
              event.effect = entry.effect;
              event.call = name;
              event.library = host_.name;
              event.source = phase.source;
              event.place = root_for(phase, entry, unit, kMainProcess).place;
              event.site = program_.place(function.translation_unit, function.facts.at);
              event.site_function = name;
              event.site_unit = program_.tree().units[unit].name;
              event.path = {{event.site, name, "the tree defines " + name + "() itself"}};
              event.certainty = unit == 0 ? Certainty::always : Certainty::maybe;
              out_.sequence.events.push_back(std::move(event));
            }
  }

  /// pthread_atfork(3): prepare handlers run last registered first, the others in order.
  void run_fork_handlers(const std::string &phase, unsigned child, const std::vector<RegisteredHandler> &installed,
                         const std::function<void()> &fork, bool parent_ends = false) {
    for (auto handler = installed.rbegin(); handler != installed.rend(); ++handler)
      if (handler->when == RunsCallback::When::at_fork_parent_before)
        run_handler(*handler, phase, kMainProcess, main_);
    if (fork)
      fork();
    State child_world = main_;
    child_world.process = ProcessRole::worker;
    for (const RegisteredHandler &handler : installed)
      if (handler.when == (parent_ends ? RunsCallback::When::at_fork_parent : RunsCallback::When::at_fork_child))
        run_handler(handler, phase, child, child_world);
      else if (handler.when == RunsCallback::When::at_fork_parent || handler.when == RunsCallback::When::at_fork_child)
        run_handler(handler, phase, kMainProcess, main_);
  }

  void run_handler(const RegisteredHandler &handler, const std::string &phase, unsigned process, State &world) {
    if (handler.handler.kind != Callable::Kind::function)
      return;
    Root root = handler.root;
    const Function &function = program_.functions()[handler.handler.function];
    root.place = {phase, world.process, process, ThreadRole::main, handler.root.place.module};
    root.path.push_back({program_.place(function.translation_unit, function.facts.at), function.facts.name,
                         "phase " + phase + ": runs the at-fork handler " + function.facts.name + "()"});
    in_fork_handler_ = true; // one that forks itself would never end
    run_root(handler.handler.function, {}, std::move(root), world);
    in_fork_handler_ = false;
  }

  const Program &program_;
  const Packs &packs_;
  const HostPack &host_;
  const LoadOrder order_;
  const bool is_one_start_; ///< as a configuration asks for it
  Walker &walker_;
  State main_;
  std::map<const EntryPoint *, std::optional<PathStep>> opening_steps_;
  std::vector<RegisteredHandler> handlers_;
  unsigned processes_ = 0;
  bool in_fork_handler_ = false;
  Simulation out_;
};

} // namespace

void simulate(const Program &program, const Packs &packs, const std::vector<Scenario> &scenarios,
              const Configured *configured, const std::function<void(const Simulation &)> &take) {
  Walker walker(program);
  Simulation simulation;
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    FixedVariables fixed = fixed_by(program, packs, scenarios[i]);
    // Neighbours are often two versions of a library that the tree does not tell apart.
    const bool same = i > 0 && fixed.by_scenario == walker.fixed().by_scenario &&
                      places_in(*program.tree().host, scenarios[i]) ==
                          places_in(*program.tree().host, scenarios[i - 1]);
    walker.set_scenario(std::move(fixed));
    if (same)
      simulation.sequence.scenario = scenarios[i];
    else
      simulation = Startup(program, packs, scenarios[i], configured, walker).run();
    take(simulation);
  }
}

} // namespace initorder
