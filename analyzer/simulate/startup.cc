// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One world goes from phase to phase. A worker starts with a copy of it and its changes are its own.
#include "analyzer/simulate/startup.h"

#include "analyzer/parallel.h"
#include "analyzer/simulate/entries.h"
#include "analyzer/simulate/expand.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace initorder {
namespace {

FixedVariables fixed_by(const HostPack &host, const Scenario &scenario) {
  FixedVariables fixed;
  for (const ScenarioVariable &variable : host.scenario)
    if (const auto value = scenario.find(variable.name); value != scenario.end() && !variable.global.empty()) {
      fixed.by_scenario[variable.global] = std::stoll(value->second);
      for (const std::string &also : variable.also_globals)
        fixed.by_scenario[also] = std::stoll(value->second);
    }
  for (const PlaceVariable &variable : host.place_variables)
    fixed.by_place[variable.global] = {variable.in_main, variable.in_worker};
  return fixed;
}

class Startup {
public:
  Startup(const Program &program, const Packs &packs, const Scenario &scenario, Walker &walker)
      : program_(program), packs_(packs), host_(*program.tree().host), walker_(walker) {
    out_.sequence.scenario = scenario;
    order_modules(scenario);
    for (VariableIndex v = 0; v < program.variables().size(); ++v) {
      const Variable &variable = program.variables()[v];
      if (variable.follow != Variable::Follow::flow || !variable.facts->record.empty())
        continue;
      const Value value = variable.facts->has_initialiser
                              ? Evaluator::initial(program, variable.facts->initialiser, variable.translation_unit)
                              : Value::of(0);
      if (value.kind != Value::Kind::unknown)
        main_.cells[variable_location(v)] = value;
    }
  }

  Simulation run() {
    for (const Phase &phase : host_.phases)
      run_phase(phase);
    return std::move(out_);
  }

private:
  void order_modules(const Scenario &scenario) {
    for (unsigned unit = 1; unit < program_.tree().units.size(); ++unit)
      modules_.push_back(unit);
    for (const ScenarioVariable &variable : host_.scenario) {
      const auto value = scenario.find(variable.name);
      if (variable.load_order_of.empty() || value == scenario.end())
        continue;
      const auto is_named = [&](unsigned unit) { return program_.tree().units[unit].name == variable.load_order_of; };
      if (value->second == "absent")
        std::erase_if(modules_, is_named);
      else if (value->second == "first")
        std::stable_partition(modules_.begin(), modules_.end(), is_named);
      else
        std::stable_partition(modules_.begin(), modules_.end(), [&](unsigned unit) { return !is_named(unit); });
    }
  }

  void run_phase(const Phase &phase) {
    if (phase.fork)
      run_fork_handlers(phase.id, ++processes_, handlers_, {});
    for (const EntryPoint &entry : phase.entries) {
      const bool worker = phase.process == ProcessRole::worker;
      State world = main_;
      world.process = phase.process;
      const unsigned process = worker ? ++processes_ : 0;
      State &at = worker ? world : main_;
      if (entry.kind == EntryPoint::Kind::core_symbol)
        run_entry(phase, entry, 0, process, at);
      else
        for (const unsigned unit : modules_)
          run_entry(phase, entry, unit, process, at);
    }
  }

  Root root_for(const Phase &phase, const EntryPoint &entry, unsigned unit, unsigned process) {
    Root root;
    root.place = {phase.id, phase.process, process, ThreadRole::main, program_.tree().units[unit].name};
    root.processes = &processes_;
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
      if (entry.one_of || found.perhaps) {
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
    for (const Outcome &outcome : summary.outcomes) {
      if (outcome.state.process != world.process || outcome.state.fork != 0 || outcome.state.failing)
        continue;
      if (after)
        join_into(*after, outcome.state);
      else
        after = outcome.state;
    }
    if (!after)
      return;
    walker_.adopt(function, *after, world);
  }

  void run_link(const Phase &phase, const EntryPoint &entry, unsigned unit) {
    if (!program_.is_enterable(unit))
      return;
    const LinkageUnit &module = program_.tree().units[unit];
    for (const MakefileFacts::Library &library : module.makefile.libraries)
      for (const LibraryPack &pack : packs_.libraries)
        for (const LinkEffect &effect : pack.on_load) {
          if (effect.link_library != library.name)
            continue;
          Event event;
          event.effect = effect.effect;
          event.call = "-l" + library.name;
          event.library = pack.name;
          event.why = effect.why;
          event.source = effect.source;
          Root root = root_for(phase, entry, unit, 0);
          event.place = root.place;
          event.site = library.at;
          event.site_unit = module.name;
          event.path = std::move(root.path);
          event.path.push_back({library.at, {}, module.name + " links -l" + library.name});
          out_.sequence.events.push_back(std::move(event));
        }
  }

  /// pthread_atfork(3): prepare handlers run last registered first, the others in order.
  void run_fork_handlers(const std::string &phase, unsigned child, const std::vector<RegisteredHandler> &installed,
                         const std::function<void()> &fork) {
    for (auto handler = installed.rbegin(); handler != installed.rend(); ++handler)
      if (handler->when == RunsCallback::When::at_fork_parent_before)
        run_handler(*handler, phase, 0, main_);
    if (fork)
      fork();
    State child_world = main_;
    child_world.process = ProcessRole::worker;
    for (const RegisteredHandler &handler : installed)
      if (handler.when == RunsCallback::When::at_fork_child)
        run_handler(handler, phase, child, child_world);
      else if (handler.when == RunsCallback::When::at_fork_parent)
        run_handler(handler, phase, 0, main_);
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
  Walker &walker_;
  State main_;
  std::vector<unsigned> modules_;
  std::map<const EntryPoint *, std::optional<PathStep>> opening_steps_;
  std::vector<RegisteredHandler> handlers_;
  unsigned processes_ = 0;
  bool in_fork_handler_ = false;
  Simulation out_;
};

} // namespace

std::vector<Simulation> simulate(const Program &program, const Packs &packs, const std::vector<Scenario> &scenarios,
                                 unsigned jobs) {
  const HostPack &host = *program.tree().host;
  std::map<std::map<std::string, std::int64_t>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    const FixedVariables fixed = fixed_by(host, scenarios[i]);
    groups[{fixed.by_scenario.begin(), fixed.by_scenario.end()}].push_back(i);
  }
  std::vector<std::vector<std::size_t>> members;
  for (auto &[fixed, group] : groups)
    members.push_back(std::move(group));
  std::vector<Simulation> out(scenarios.size());
  for_each_index(members.size(), jobs, [&](std::size_t g) {
    const FixedVariables fixed = fixed_by(host, scenarios[members[g].front()]);
    Walker walker(program, fixed);
    for (const std::size_t i : members[g])
      out[i] = Startup(program, packs, scenarios[i], walker).run();
  });
  return out;
}

} // namespace initorder
