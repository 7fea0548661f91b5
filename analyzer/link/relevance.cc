// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which functions can reach an effect, which variables are worth following, and what each function reads.
#include "analyzer/link/program.h"
#include "analyzer/link/slim.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <tuple>

namespace initorder {
namespace {

constexpr std::size_t kEntangled = 8; ///< functions that all call each other, beyond which they count as entangled
constexpr std::size_t kMostAround = 5000; ///< functions around one, among which a writer is looked for
constexpr std::size_t kTinyBlocks = 6; ///< a function that small is followed for what it returns

/// Whether a walk in such a process must see a call of the API.
bool matters(const Program &program, const LibraryFunction &api, ProcessRole process) {
  return api.forks || api.never_returns || api.stores || !api.runs.empty() ||
         std::any_of(api.effects.begin(), api.effects.end(), [&](const CallEffect &effect) {
           return program.wanted().contains(effect.effect, process);
         });
}

/// Whether reaching this API makes a function relevant (leaving the process alone does not).
bool attracts(const Program &program, const LibraryFunction &api, ProcessRole process) {
  const bool only_leaves = api.never_returns;
  // What a fork does to the child is told where the child is looked into.
  const bool only_forks =
      api.forks && process == ProcessRole::worker &&
      std::none_of(api.effects.begin(), api.effects.end(), [&](const CallEffect &effect) {
        return !effect.in_child && program.wanted().contains(effect.effect, process);
      });
  const bool only_runs = !api.runs.empty() && process == ProcessRole::worker;
  return matters(program, api, process) && !only_leaves && !only_forks && !only_runs;
}

/// Whether a call of the API ends the process in a way that rules ask about.
bool leaves(const Program &program, const LibraryFunction &api, ProcessRole process) {
  return api.never_returns && std::any_of(api.effects.begin(), api.effects.end(), [&](const CallEffect &effect) {
           return program.wanted().contains(effect.effect, process);
         });
}

/// Whether every way through the function, when it is called with these arguments, ends in a call that never returns, or
/// in none at all. The compiler knows this where it has the headers, and of all calls alike.
bool never_returns(const Program &program, FunctionIndex index, const KnownArguments &arguments) {
  const Function &function = program.functions()[index];
  const auto stops = [&](const Block &block) {
    return std::any_of(block.steps.begin(), block.steps.end(), [&](const Step &step) {
      if (step.kind != Step::Kind::call || step.call.callee.kind != Expr::Kind::function)
        return false;
      const auto callee = program.resolve(function.translation_unit, step.call.callee.name);
      return callee && callee->kind == Callable::Kind::api && callee->api->never_returns;
    });
  };
  const FunctionFacts &facts = function.facts;
  return !facts.blocks.empty() && !reachable_blocks(facts, arguments, stops)[facts.exit];
}

/// Everything that an expression of `function` may call or hand on.
void add_mentioned(const Program &program, FunctionIndex index, const Expr &expr, std::vector<Callable> &out) {
  const Function &function = program.functions()[index];
  const auto add_all = [&](const std::vector<Callable> &more) { out.insert(out.end(), more.begin(), more.end()); };
  for_each_part(expr, [&](const Expr &part) {
    if (part.kind == Expr::Kind::function) {
      if (const auto callable = program.resolve(function.translation_unit, part.name))
        out.push_back(*callable);
    } else if (part.kind == Expr::Kind::field) {
      const LibraryFunction *api = program.field_api(part.record, part.name);
      if (api)
        out.push_back({Callable::Kind::api, 0, api});
      if (!api || !api->opaque)
        add_all(program.field_targets(part.record, part.name));
    } else if (part.kind == Expr::Kind::variable) {
      if (const auto variable = program.resolve_variable(function.translation_unit, part.name))
        add_all(program.variable_targets(*variable));
    } else if (part.kind == Expr::Kind::parameter) {
      add_all(program.passed_targets(index, part.index));
    }
  });
}

/// What a call of `callee` with these arguments may call in turn, when they choose a part of it.
std::optional<std::vector<Callable>> mentioned_through(const Program &program, FunctionIndex index,
                                                       const KnownArguments &arguments) {
  const Function &callee = program.functions()[index];
  if (!decided_by_arguments(callee.facts, arguments))
    return std::nullopt;
  std::vector<Callable> out;
  const std::vector<bool> reached = reachable_blocks(callee.facts, arguments);
  for (std::size_t b = 0; b < reached.size(); ++b)
    if (reached[b])
      for_each_expr(callee.facts.blocks[b], [&](const Expr &expr) { add_mentioned(program, index, expr, out); });
  return out;
}

/// Everything that `function` may call or hand on.
std::vector<Callable> mentioned(const Program &program, FunctionIndex index) {
  const Function &function = program.functions()[index];
  std::vector<Callable> out;
  for (const Block &block : function.facts.blocks) {
    add_mentioned(program, index, block.condition, out);
    for (const Step &step : block.steps) {
      if (step.kind != Step::Kind::call) {
        add_mentioned(program, index, step.assign.target, out);
        add_mentioned(program, index, step.assign.value, out);
        continue;
      }
      for (const Expr &argument : step.call.arguments)
        add_mentioned(program, index, argument, out);
      if (step.call.callee.kind == Expr::Kind::function)
        if (const auto callee = program.resolve(function.translation_unit, step.call.callee.name);
            callee && callee->kind == Callable::Kind::function)
          if (const auto part = mentioned_through(program, callee->function, known_arguments(step.call))) {
            out.insert(out.end(), part->begin(), part->end());
            continue;
          }
      add_mentioned(program, index, step.call.callee, out);
    }
  }
  return out;
}

/// Whether a function is tiny, and calls only such as are known to be small.
bool is_small(const Program &program, const Function &function) {
  const auto calls_small = [&](const Step &step) {
    if (step.kind != Step::Kind::call)
      return true;
    if (step.call.callee.kind != Expr::Kind::function)
      return false;
    const auto callee = program.resolve(function.translation_unit, step.call.callee.name);
    return callee && callee->kind == Callable::Kind::function && program.functions()[callee->function].small;
  };
  return function.facts.blocks.size() <= kTinyBlocks &&
         std::all_of(function.facts.blocks.begin(), function.facts.blocks.end(), [&](const Block &block) {
           return std::all_of(block.steps.begin(), block.steps.end(), calls_small);
         });
}

/// The direct calls whose constants choose a part of the callee.
template <class Visit> void for_each_direct_call(const Program &program, const Function &function, const Visit &visit) {
  for (const Block &block : function.facts.blocks)
    for (const Step &step : block.steps) {
      if (step.kind != Step::Kind::call || step.call.callee.kind != Expr::Kind::function)
        continue;
      const auto target = program.resolve(function.translation_unit, step.call.callee.name);
      if (!target || target->kind != Callable::Kind::function)
        continue;
      const KnownArguments arguments = known_arguments(step.call);
      if (decided_by_arguments(program.functions()[target->function].facts, arguments))
        visit(target->function, arguments);
    }
}

/// The expressions of the part of a callee that the arguments of a call choose, with the callee.
template <class Visit> void for_each_chosen_part(const Program &program, const Function &function, const Visit &visit) {
  for_each_direct_call(program, function, [&](FunctionIndex index, const KnownArguments &arguments) {
    const FunctionFacts &callee = program.functions()[index].facts;
    const std::vector<bool> reached = reachable_blocks(callee, arguments);
    for (std::size_t b = 0; b < reached.size(); ++b)
      if (reached[b])
        for_each_expr(callee.blocks[b], [&](const Expr &expr) { visit(index, expr); });
  });
}

bool kept(const Function &function) {
  return function.small || function.relevant || function.relevant_in_worker;
}

} // namespace

namespace {

/// Which functions never return, to any caller or to one that says so by an argument: `finish(/*and_return=*/0)`.
std::vector<bool> bodies(const Program &program) {
  std::vector<bool> out(program.functions().size());
  for (FunctionIndex f = 0; f < out.size(); ++f)
    out[f] = never_returns(program, f, {});
  for (const Function &caller : program.functions())
    for_each_direct_call(program, caller, [&](FunctionIndex callee, const KnownArguments &arguments) {
      out[callee] = out[callee] || never_returns(program, callee, arguments);
    });
  return out;
}

} // namespace

void Program::find_relevant(ProcessRole process) {
  std::vector<FunctionIndex> reaching;
  // How a process ends matters where it is all that is left to do: in the body of a worker.
  const std::vector<bool> is_body = process == ProcessRole::worker ? bodies(*this) : std::vector<bool>(functions_.size());
  callers_.assign(functions_.size(), {});
  for (FunctionIndex f = 0; f < functions_.size(); ++f) {
    for (const Callable &callable : mentioned(*this, f)) {
      if (callable.kind == Callable::Kind::function)
        callers_[callable.function].push_back(f);
      else if (attracts(*this, *callable.api, process) || (is_body[f] && leaves(*this, *callable.api, process)))
        reaching.push_back(f);
    }
  }
  reach_callers(std::move(reaching), process);
}

void Program::reach_callers(std::vector<FunctionIndex> from, ProcessRole process) {
  std::deque<FunctionIndex> pending;
  const auto reach = [&](FunctionIndex index) {
    bool &relevant = process == ProcessRole::main ? functions_[index].relevant : functions_[index].relevant_in_worker;
    if (!relevant)
      pending.push_back(index);
    relevant = true;
  };
  std::for_each(from.begin(), from.end(), reach);
  while (!pending.empty()) {
    const FunctionIndex reached = pending.front();
    pending.pop_front();
    std::for_each(callers_[reached].begin(), callers_[reached].end(), reach);
  }
}

// Calls of what reaches no effect are kept only in the file that defines it: another file may call what is not static,
// and nobody would know.
bool Program::is_reached_in_sight(const std::unordered_set<FunctionIndex> &writers) const {
  std::unordered_set<FunctionIndex> seen(writers);
  std::vector<FunctionIndex> pending(writers.begin(), writers.end());
  while (!pending.empty()) {
    const Function &function = functions_[pending.back()];
    const std::vector<FunctionIndex> &callers = callers_[pending.back()];
    pending.pop_back();
    if (function.relevant)
      continue;
    if (!function.facts.is_static || function.facts.is_dropped)
      return false;
    for (const FunctionIndex caller : callers)
      if (seen.insert(caller).second)
        pending.push_back(caller);
  }
  return true;
}

// A module copies the mode to a variable of its own, and asks that: who writes it decides what others reach.
void Program::find_deciding() {
  const std::unordered_set<std::string> deciders = decided_variables(*tree_.host);
  std::unordered_set<VariableIndex> asked;
  for (const Function &function : functions_)
    if (function.relevant)
      for_each_expr(function.facts, [&](const Expr &expr) {
        for_each_part(expr, [&](const Expr &part) {
          if (part.kind == Expr::Kind::variable)
            if (const auto variable = resolve_variable(function.translation_unit, part.name))
              asked.insert(*variable);
        });
      });
  std::vector<FunctionIndex> writers;
  for (const VariableIndex index : asked) {
    const Variable &variable = variables_[index];
    if (!variable.escapes && is_reached_in_sight(variable.writers) && std::any_of(variable.writers.begin(), variable.writers.end(), [&](FunctionIndex writer) {
          return derives(functions_[writer].facts, variable.name, deciders);
        }))
      writers.insert(writers.end(), variable.writers.begin(), variable.writers.end());
  }
  reach_callers(std::move(writers), ProcessRole::main);
  callers_ = {};
}

void Program::decide_following() {
  for (Variable &variable : variables_) {
    variable.may_refine = std::all_of(variable.writers.begin(), variable.writers.end(),
                                      [&](FunctionIndex writer) {
      return functions_[writer].relevant && !functions_[writer].facts.is_dropped;
    });
    if (!variable.facts || variable.escapes)
      continue;
    // Files that were ruled out may write a variable that is not static, and other modules one of the core.
    const bool all_writers_known = variable.facts->is_static || is_whole_[variable.unit];
    if (variable.writers.empty())
      variable.follow = all_writers_known ? Variable::Follow::constant : Variable::Follow::never;
    else if (variable.may_refine)
      variable.follow = Variable::Follow::flow;
  }
}

/// Whether it has a branch on a pointer that some function sets.
static bool asks_for_pointer(const Program &program, const Function &function) {
  return std::ranges::any_of(function.facts.blocks, [&](const Block &block) {
    bool out = false;
    for_each_part(block.condition, [&](const Expr &part) {
      const auto index = part.kind == Expr::Kind::variable ? program.resolve_variable(function.translation_unit, part.name)
                                                           : std::nullopt;
      const Variable *variable = index ? &program.variables()[*index] : nullptr;
      out |= variable && variable->facts && variable->facts->is_pointer && !variable->writers.empty();
    });
    return out;
  });
}

void Program::find_set_up() {
  // What is written where a pointer leads to leaves the pointer as it is.
  const auto writes_itself = [&](const Function &writer, const std::string &variable) {
    return writer.facts.is_dropped || std::ranges::any_of(writer.facts.blocks, [&](const Block &block) {
             return std::ranges::any_of(block.steps, [&](const Step &step) {
               return step.kind == Step::Kind::assign && step.assign.target.kind == Expr::Kind::variable &&
                      step.assign.target.name == variable;
             });
           });
  };
  std::unordered_map<FunctionIndex, std::vector<VariableIndex>> written;
  for (VariableIndex v = 0; v < variables_.size(); ++v)
    if (variables_[v].facts && variables_[v].facts->is_pointer)
      for (const FunctionIndex writer : variables_[v].writers)
        if (writes_itself(functions_[writer], variables_[v].name))
          written[writer].push_back(v);
  std::vector<std::vector<FunctionIndex>> callers(functions_.size()), callees(functions_.size());
  // Upwards by name alone: through a field the host calls every entry point of every module.
  for (FunctionIndex f = 0; f < functions_.size(); ++f) {
    for (const Callable &callable : mentioned(*this, f))
      if (callable.kind == Callable::Kind::function)
        callees[f].push_back(callable.function);
    for_each_expr(functions_[f].facts, [&](const Expr &expr) {
      for_each_part(expr, [&](const Expr &part) {
        const auto named = part.kind == Expr::Kind::function ? resolve(functions_[f].translation_unit, part.name) : std::nullopt;
        if (named && named->kind == Callable::Kind::function)
          callers[named->function].push_back(f);
      });
    });
  }
  const auto reach = [&](std::vector<FunctionIndex> pending, const std::vector<std::vector<FunctionIndex>> &next) {
    std::unordered_set<FunctionIndex> out(pending.begin(), pending.end());
    while (!pending.empty() && out.size() < kMostAround) {
      const FunctionIndex at = pending.back();
      pending.pop_back();
      for (const FunctionIndex other : next[at])
        if (out.insert(other).second)
          pending.push_back(other);
    }
    return out;
  };
  for (FunctionIndex f = 0; f < functions_.size(); ++f) {
    if (!functions_[f].relevant_in_worker || !asks_for_pointer(*this, functions_[f]))
      continue;
    const auto above = reach({f}, callers);
    const auto around = reach({above.begin(), above.end()}, callees);
    if (around.size() >= kMostAround)
      continue;
    auto found = std::make_shared<std::unordered_set<VariableIndex>>();
    for (const FunctionIndex other : around)
      if (const auto known = written.find(other); known != written.end())
        found->insert(known->second.begin(), known->second.end());
    functions_[f].sets_up = std::move(found);
  }
}

void Program::find_reads() {
  // One helper asks another: two rounds see that.
  for (int round = 0; round < 2; ++round)
    for (Function &function : functions_)
      function.small = function.small || is_small(*this, function);
  const auto interesting = [&](const Function &function, const CallFact &call) {
    const auto worth = [&](const Callable &callable) {
      return callable.kind == Callable::Kind::api
                 ? matters(*this, *callable.api, ProcessRole::main) ||
                       matters(*this, *callable.api, ProcessRole::worker)
                 : kept(functions_[callable.function]) || functions_[callable.function].facts.never_returns ||
                       functions_[callable.function].facts.serves;
    };
    const auto worth_one_of = [&](const std::vector<Callable> &targets) {
      return std::any_of(targets.begin(), targets.end(), worth);
    };
    const Expr &callee = call.callee;
    if (callee.kind == Expr::Kind::function) {
      const auto target = resolve(function.translation_unit, callee.name);
      return openers_.contains(callee.name) || (target && worth(*target));
    }
    // Nobody is known to stand in the pointer: the walk must say that it cannot tell.
    if (callee.kind == Expr::Kind::field) {
      const std::vector<Callable> &targets = field_targets(callee.record, callee.name);
      return field_api(callee.record, callee.name) || worth_one_of(targets) || is_untold(callee.record, callee.name);
    }
    if (callee.kind == Expr::Kind::variable)
      if (const auto variable = resolve_variable(function.translation_unit, callee.name))
        return variables_[*variable].facts->has_initialiser ? worth_one_of(variable_targets(*variable)) : true;
    return true;
  };
  for (Function &function : functions_)
    if (!kept(function) && function.unit != 0)
      function.facts.blocks = {}; // nobody will go into it
    else if (function.relevant || function.relevant_in_worker)
      slim(function.facts, [&](const CallFact &call) { return interesting(function, call); });

  std::vector<std::vector<FunctionIndex>> callers(functions_.size());
  std::deque<FunctionIndex> pending;
  for (FunctionIndex f = 0; f < functions_.size(); ++f) {
    Function &function = functions_[f];
    if (!kept(function))
      continue;
    if (const auto number = presence_variable(function.unit))
      function.asks |= 1u << *number;
    for_each_expr(function.facts, [&](const Expr &expr) {
      for_each_part(expr, [&](const Expr &part) {
        if (part.kind != Expr::Kind::variable)
          return;
        if (const auto variable = resolve_variable(function.translation_unit, part.name);
            variable && variables_[*variable].follow == Variable::Follow::flow)
          function.reads.insert(*variable);
        if (const auto number = scenario_variable(part.name))
          function.asks |= 1u << *number;
      });
    });
    for (const Callable &callable : mentioned(*this, f))
      if (callable.kind == Callable::Kind::function)
        callers[callable.function].push_back(f);
      else if (std::ranges::any_of(callable.api->effects, [](const CallEffect &e) { return !e.versions.empty(); }))
        function.asks |= 1u << *scenario_variable(version_variable(library_of(callable.api)));
    for_each_chosen_part(*this, function, [&](FunctionIndex callee, const Expr &expr) {
      const unsigned translation_unit = functions_[callee].translation_unit;
      for_each_part(expr, [&](const Expr &part) {
        if (part.kind == Expr::Kind::variable)
          if (const auto variable = resolve_variable(translation_unit, part.name);
              variable && variables_[*variable].follow == Variable::Follow::flow) {
            function.reads.insert(*variable);
            if (variables_[*variable].writers.contains(callee))
              function.writes.insert(*variable);
          }
      });
    });
    pending.push_back(f);
  }
  for (VariableIndex variable = 0; variable < variables_.size(); ++variable)
    for (const FunctionIndex writer : variables_[variable].writers)
      if (functions_[writer].reads.contains(variable))
        functions_[writer].writes.insert(variable);
  while (!pending.empty()) {
    const FunctionIndex changed = pending.front();
    pending.pop_front();
    for (const FunctionIndex caller : callers[changed]) {
      Function &above = functions_[caller];
      const auto knows = [&] { return std::tuple(above.reads.size(), above.writes.size(), above.asks); };
      const auto before = knows();
      above.reads.insert(functions_[changed].reads.begin(), functions_[changed].reads.end());
      above.writes.insert(functions_[changed].writes.begin(), functions_[changed].writes.end());
      above.asks |= functions_[changed].asks;
      if (knows() != before)
        pending.push_back(caller);
    }
  }
}

// Tarjan's strongly connected components, with a stack of its own: call chains are long.
void Program::find_entangled() {
  struct Visit {
    std::vector<FunctionIndex> callees;
    std::size_t next = 0;
  };
  std::vector<unsigned> number(functions_.size()), low(functions_.size());
  std::vector<bool> on_stack(functions_.size());
  std::vector<FunctionIndex> stack, path;
  std::unordered_map<FunctionIndex, Visit> visits;
  unsigned count = 0;
  const auto begin = [&](FunctionIndex f) {
    number[f] = low[f] = ++count;
    on_stack[f] = true;
    stack.push_back(f);
    path.push_back(f);
    for (const Callable &callable : mentioned(*this, f))
      if (callable.kind == Callable::Kind::function && kept(functions_[callable.function]))
        visits[f].callees.push_back(callable.function);
  };
  const auto end = [&](FunctionIndex f) {
    path.pop_back();
    visits.erase(f);
    if (!path.empty())
      low[path.back()] = std::min(low[path.back()], low[f]);
    if (low[f] != number[f])
      return;
    const auto first = std::find(stack.begin(), stack.end(), f);
    for (auto member = first; member != stack.end(); ++member) {
      on_stack[*member] = false;
      functions_[*member].entangled = static_cast<std::size_t>(stack.end() - first) > kEntangled;
    }
    stack.erase(first, stack.end());
  };
  for (FunctionIndex root = 0; root < functions_.size(); ++root) {
    if (number[root] || !kept(functions_[root]))
      continue;
    begin(root);
    while (!path.empty()) {
      const FunctionIndex f = path.back();
      Visit &visit = visits[f];
      if (visit.next == visit.callees.size()) {
        end(f);
        continue;
      }
      const FunctionIndex callee = visit.callees[visit.next++];
      if (!number[callee])
        begin(callee);
      else if (on_stack[callee])
        low[f] = std::min(low[f], number[callee]);
    }
  }
}

} // namespace initorder
