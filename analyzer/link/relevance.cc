// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which functions can reach an effect, which variables are worth following, and what each function reads.
#include "analyzer/link/program.h"
#include "analyzer/link/slim.h"

#include <algorithm>
#include <deque>

namespace initorder {
namespace {

constexpr std::size_t kTinyBlocks = 6; ///< a function that small is followed for what it returns

bool matters(const Program &program, const LibraryFunction &api) {
  return api.forks || api.never_returns || api.resource || !api.runs.empty() ||
         std::any_of(api.effects.begin(), api.effects.end(),
                     [&](const CallEffect &effect) { return program.is_wanted(effect.effect); });
}

/// Whether reaching this API makes a function relevant (leaving the process alone does not).
bool attracts(const Program &program, const LibraryFunction &api) {
  return matters(program, api) && !(api.never_returns && api.effects.empty());
}

/// Everything that a step of `function` may call or hand on.
std::vector<Callable> mentioned(const Program &program, const Function &function) {
  std::vector<Callable> out;
  const auto add_all = [&](const std::vector<Callable> &more) { out.insert(out.end(), more.begin(), more.end()); };
  for_each_expr(function.facts, [&](const Expr &expr) {
    for_each_part(expr, [&](const Expr &part) {
      if (part.kind == Expr::Kind::function) {
        if (const auto callable = program.resolve(function.translation_unit, part.name))
          out.push_back(*callable);
      } else if (part.kind == Expr::Kind::field) {
        if (const LibraryFunction *api = program.field_api(part.record, part.name))
          out.push_back({Callable::Kind::api, 0, api});
        add_all(program.field_targets(part.record, part.name));
      } else if (part.kind == Expr::Kind::variable) {
        if (const auto variable = program.resolve_variable(function.translation_unit, part.name))
          add_all(program.variable_targets(*variable));
      }
    });
  });
  return out;
}

bool is_tiny(const Function &function) {
  return function.facts.blocks.size() <= kTinyBlocks &&
         std::none_of(function.facts.blocks.begin(), function.facts.blocks.end(), [](const Block &block) {
           return std::any_of(block.steps.begin(), block.steps.end(),
                              [](const Step &step) { return step.kind == Step::Kind::call; });
         });
}

} // namespace

void Program::find_relevant() {
  std::vector<std::vector<FunctionIndex>> callers(functions_.size());
  std::deque<FunctionIndex> pending;
  const auto reach = [&](FunctionIndex index) {
    if (!functions_[index].relevant)
      pending.push_back(index);
    functions_[index].relevant = true;
  };
  for (FunctionIndex f = 0; f < functions_.size(); ++f)
    for (const Callable &callable : mentioned(*this, functions_[f])) {
      if (callable.kind == Callable::Kind::function)
        callers[callable.function].push_back(f);
      else if (attracts(*this, *callable.api))
        reach(f);
    }
  while (!pending.empty()) {
    const FunctionIndex reached = pending.front();
    pending.pop_front();
    for (const FunctionIndex caller : callers[reached])
      reach(caller);
  }
}

void Program::decide_following() {
  for (Variable &variable : variables_) {
    if (!variable.facts || variable.escapes)
      continue;
    // Files that were ruled out may write a variable that is not static.
    const bool all_writers_known = variable.facts->is_static;
    if (variable.writers.empty())
      variable.follow = all_writers_known ? Variable::Follow::constant : Variable::Follow::never;
    else if (std::all_of(variable.writers.begin(), variable.writers.end(),
                         [&](FunctionIndex writer) { return functions_[writer].relevant; }))
      variable.follow = Variable::Follow::flow;
  }
}

void Program::find_reads() {
  const auto keep = [&](const Function &function, const CallFact &call) {
    const auto worth = [&](const Callable &callable) {
      return callable.kind == Callable::Kind::api
                 ? matters(*this, *callable.api)
                 : functions_[callable.function].relevant || is_tiny(functions_[callable.function]);
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
      return targets.empty() || field_api(callee.record, callee.name) || worth_one_of(targets);
    }
    if (callee.kind == Expr::Kind::variable)
      if (const auto variable = resolve_variable(function.translation_unit, callee.name))
        return variables_[*variable].facts->has_initialiser ? worth_one_of(variable_targets(*variable)) : true;
    return true;
  };
  for (Function &function : functions_)
    if (function.relevant)
      slim(function.facts, [&](const CallFact &call) { return keep(function, call); });

  std::vector<std::vector<FunctionIndex>> callers(functions_.size());
  std::deque<FunctionIndex> pending;
  for (FunctionIndex f = 0; f < functions_.size(); ++f) {
    Function &function = functions_[f];
    if (!function.relevant && !is_tiny(function))
      continue;
    for_each_expr(function.facts, [&](const Expr &expr) {
      for_each_part(expr, [&](const Expr &part) {
        if (part.kind == Expr::Kind::variable)
          if (const auto variable = resolve_variable(function.translation_unit, part.name);
              variable && variables_[*variable].follow == Variable::Follow::flow)
            function.reads.insert(*variable);
      });
    });
    for (const Callable &callable : mentioned(*this, function))
      if (callable.kind == Callable::Kind::function)
        callers[callable.function].push_back(f);
    pending.push_back(f);
  }
  while (!pending.empty()) {
    const FunctionIndex changed = pending.front();
    pending.pop_front();
    for (const FunctionIndex caller : callers[changed]) {
      const std::size_t before = functions_[caller].reads.size();
      functions_[caller].reads.insert(functions_[changed].reads.begin(), functions_[changed].reads.end());
      if (functions_[caller].reads.size() != before)
        pending.push_back(caller);
    }
  }
}

} // namespace initorder
