// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/link/program.h"

#include "analyzer/link/slim.h"

#include <algorithm>

namespace initorder {
namespace {

const std::vector<Callable> kNone;

void add(std::vector<Callable> &to, const Callable &callable) {
  if (std::find(to.begin(), to.end(), callable) == to.end())
    to.push_back(callable);
}


std::string key(const std::string &record, const std::string &field) { return record + "." + field; }

} // namespace

std::unordered_set<std::string> decided_variables(const HostPack &host) {
  std::unordered_set<std::string> out;
  for (const ScenarioVariable &variable : host.scenario) {
    out.insert(variable.global);
    out.insert(variable.also_globals.begin(), variable.also_globals.end());
  }
  out.erase("");
  return out;
}

static bool mentions_one_of(const Expr &expr, const std::unordered_set<std::string> &names) {
  bool found = false;
  for_each_part(expr, [&](const Expr &part) {
    found |= part.kind == Expr::Kind::variable && names.contains(part.name);
  });
  return found;
}

bool derives(const FunctionFacts &function, const std::string &variable, const std::unordered_set<std::string> &from) {
  const bool asks = std::any_of(function.blocks.begin(), function.blocks.end(),
                                [&](const Block &block) { return mentions_one_of(block.condition, from); });
  const auto assigns = [&](const Step &step) {
    return step.kind == Step::Kind::assign && step.assign.target.kind == Expr::Kind::variable &&
           step.assign.target.name == variable &&
           (mentions_one_of(step.assign.value, from) || (asks && step.assign.value.kind == Expr::Kind::integer));
  };
  return std::any_of(function.blocks.begin(), function.blocks.end(), [&](const Block &block) {
    return std::any_of(block.steps.begin(), block.steps.end(), assigns);
  });
}

Program::Program(const SourceTree &tree, const Packs &packs, std::vector<TranslationUnitFacts> facts,
                 const Kept &kept, const WantedEffects &wanted, const Configured *configured)
    : tree_(tree), kept_(kept), facts_(std::move(facts)), wanted_(wanted), configured_(configured) {
  std::vector<long> unread(tree.units.size());
  for (const SourceFile &file : tree.files)
    ++unread[file.unit];
  for (const unsigned file : kept.files) {
    unit_of_.push_back(tree.files[file].unit);
    --unread[tree.files[file].unit];
  }
  for (unsigned unit = 0; unit < tree.units.size(); ++unit)
    is_whole_.push_back(unread[unit] == 0 && configured && configured->loads(tree.units[unit].name));
  index_functions();
  index_variables();
  index_numbers();
  index_names();
  index_parameters();
  index_apis(packs);
  index_scenario_variables(packs);
  collect_targets();
  find_relevant(ProcessRole::main);
  find_relevant(ProcessRole::worker);
  find_deciding();
  decide_following();
  find_set_up();
  find_reads();
  find_entangled();
}

void Program::index_functions() {
  static_functions_.resize(facts_.size());
  shared_functions_.resize(tree_.units.size());
  header_functions_.resize(tree_.units.size());
  for (unsigned tu = 0; tu < facts_.size(); ++tu)
    for (FunctionFacts &function : facts_[tu].functions) {
      // A static function of a header is the same one in all files of a module.
      auto &names = !function.is_static          ? shared_functions_[unit_of_[tu]]
                    : function.at.file != 0 ? header_functions_[unit_of_[tu]]
                                            : static_functions_[tu];
      // Of two that share a name (a library's own test program has a main() too) the first is meant by it.
      names.try_emplace(function.name, static_cast<FunctionIndex>(functions_.size()));
      functions_.push_back({std::move(function), tu, unit_of_[tu], false, false, false, false, {}, {}, {}, 0});
    }
}

void Program::index_variables() {
  static_variables_.resize(facts_.size());
  shared_variables_.resize(tree_.units.size());
  for (unsigned tu = 0; tu < facts_.size(); ++tu)
    for (const VariableFacts &variable : facts_[tu].variables) {
      auto &names = variable.is_static ? static_variables_[tu] : shared_variables_[unit_of_[tu]];
      const auto [known, added] = names.try_emplace(variable.name, static_cast<VariableIndex>(variables_.size()));
      if (added)
        variables_.push_back({.name = variable.name, .translation_unit = tu, .unit = unit_of_[tu], .facts = &variable});
      else if (variable.has_initialiser)
        variables_[known->second].facts = &variable;
    }
  for (unsigned tu = 0; tu < facts_.size(); ++tu)
    for (const auto &[name, functions] : facts_[tu].writers)
      if (const auto index = resolve_variable(tu, name); !index)
        shared_names_.insert(name);
      else
        for (const std::string &function : functions) {
          variables_[*index].is_parameter |= function == kConfigurationWrites;
          if (function == kConfigurationWrites && configured_)
            continue; // see index_parameters()
          const auto writer = function.empty() ? std::nullopt : resolve(tu, function);
          if (writer && writer->kind == Callable::Kind::function)
            variables_[*index].writers.insert(writer->function);
          else
            variables_[*index].escapes = true;
        }
}

// What a parameter of the configuration may be, the code says by what it compares it with.
void Program::index_numbers() {
  for (unsigned tu = 0; tu < facts_.size(); ++tu)
    for (const auto &[name, numbers] : facts_[tu].numbers)
      if (const auto index = resolve_variable(tu, name))
        variables_[*index].numbers.insert(numbers.begin(), numbers.end());
  for (Variable &variable : variables_)
    if (const VariableFacts *facts = variable.facts; facts && !variable.numbers.empty()) {
      if (!facts->has_initialiser)
        variable.numbers.insert(0);
      else if (facts->initialiser.kind == Expr::Kind::integer)
        variable.numbers.insert(facts->initialiser.integer);
      else
        variable.numbers.clear();
    }
}

bool Program::is_complete(unsigned translation_unit, const Block &choice) const {
  if (choice.condition.kind != Expr::Kind::variable)
    return false;
  const auto index = resolve_variable(translation_unit, choice.condition.name);
  const Variable *variable = index ? &variables_[*index] : nullptr;
  return variable && variable->facts && variable->numbers.size() > 1 &&
         std::all_of(variable->numbers.begin(), variable->numbers.end(), [&](std::int64_t number) {
           return std::any_of(choice.edges.begin(), choice.edges.end(), [&](const Edge &edge) {
             return edge.when == Edge::When::in_range && edge.low <= number && number <= edge.high;
           });
         });
}

void Program::index_names() {
  for (const Variable &variable : variables_)
    if (!variable.facts->is_static)
      shared_names_.insert(variable.name);
  for (const Function &function : functions_)
    for_each_expr(function.facts, [&](const Expr &expr) {
      for_each_part(expr, [&](const Expr &part) {
        if (part.kind == Expr::Kind::variable && !resolve_variable(function.translation_unit, part.name))
          shared_names_.insert(part.name);
      });
    });
  for (const Phase &phase : tree_.host->phases)
    openers_.insert(phase.opened_by.begin(), phase.opened_by.end());
}

void Program::index_apis(const Packs &packs) {
  for (const TranslationUnitFacts &facts : facts_)
    aliases_.insert(facts.aliases.begin(), facts.aliases.end());
  const auto add_function = [&](const LibraryFunction &function, const std::string &library) {
    libraries_[&function] = library;
    const std::size_t dot = function.name.find('.');
    if (dot == std::string::npos) {
      apis_.emplace(function.name, &function);
      return;
    }
    const std::string record = canonical_record(function.name.substr(0, dot));
    field_apis_.emplace(key(record, function.name.substr(dot + 1)), &function);
    if (function.resource && !function.resource->closes)
      field_openers_.emplace(record, &function);
  };
  for (const LibraryFunction &function : tree_.host->functions)
    add_function(function, tree_.host->name);
  for (const LibraryPack &library : packs.libraries)
    for (const LibraryFunction &function : library.functions)
      add_function(function, library.name);
}

void Program::index_scenario_variables(const Packs &packs) {
  unsigned number = 0;
  for (const ScenarioVariable &variable : tree_.host->scenario) {
    if (!variable.global.empty())
      scenario_variables_.emplace(variable.global, number);
    for (const std::string &also : variable.also_globals)
      scenario_variables_.emplace(also, number);
    if (!variable.load_order_of.empty())
      presence_variables_.emplace(variable.load_order_of, number);
    ++number;
  }
  for (const LibraryPack &library : packs.libraries)
    if (!library.versions.empty()) {
      scenario_variables_.emplace(version_variable(library.name), number++);
      versioned_.emplace(library.name, &library);
    }
}

std::optional<unsigned> Program::presence_variable(unsigned unit) const {
  const auto found = unit == 0 ? presence_variables_.end() : presence_variables_.find(tree_.units[unit].name);
  return found == presence_variables_.end() ? std::nullopt : std::optional(found->second);
}

bool Program::asks_for_version(const LibraryPack &library) const {
  const auto number = scenario_variable(version_variable(library.name));
  return number && std::ranges::any_of(functions_, [&](const Function &f) { return (f.asks >> *number & 1) != 0; });
}

namespace {

/// Whether the merged function is another one in the other version.
bool tells_apart(const FunctionFacts &function, const std::string &variable, std::int64_t one, std::int64_t other) {
  const Block *choice = function.entry < function.blocks.size() ? &function.blocks[function.entry] : nullptr;
  if (!choice || choice->condition.kind != Expr::Kind::variable || !(choice->condition.name == variable))
    return false;
  const auto taken = [&](std::int64_t version) {
    return std::ranges::find_if(choice->edges, [&](const Edge &edge) { return edge.low <= version && version <= edge.high; });
  };
  const auto first = taken(one), second = taken(other);
  return (first == choice->edges.end()) != (second == choice->edges.end()) ||
         (first != choice->edges.end() && first->to != second->to);
}

bool tells_apart(const CallEffect &effect, const std::string &one, const std::string &other) {
  return (std::ranges::find(effect.versions, one) == effect.versions.end()) !=
         (std::ranges::find(effect.versions, other) == effect.versions.end());
}

} // namespace

std::int64_t Program::same_version(const LibraryPack &library, std::int64_t version) const {
  if (version == 0)
    return 0;
  const std::string variable = version_variable(library.name);
  const auto &versions = library.versions;
  const bool apart =
      std::ranges::any_of(functions_, [&](const Function &f) { return tells_apart(f.facts, variable, version - 1, version); }) ||
      std::ranges::any_of(library.functions, [&](const LibraryFunction &function) {
        return std::ranges::any_of(function.effects, [&](const CallEffect &effect) {
          return tells_apart(effect, versions[static_cast<std::size_t>(version) - 1].value,
                             versions[static_cast<std::size_t>(version)].value);
        });
      });
  return apart ? version : same_version(library, version - 1);
}

bool Program::has_effect(const LibraryFunction *api, const CallEffect &effect, std::optional<std::int64_t> version) const {
  const auto library = version ? versioned_.find(library_of(api)) : versioned_.end();
  if (effect.versions.empty() || library == versioned_.end())
    return true;
  const std::string &value = library->second->versions[static_cast<std::size_t>(*version)].value;
  return std::ranges::find(effect.versions, value) != effect.versions.end();
}

std::optional<unsigned> Program::scenario_variable(const std::string &global) const {
  const auto found = scenario_variables_.find(global);
  return found == scenario_variables_.end() ? std::nullopt : std::optional(found->second);
}

const std::string &Program::canonical_record(const std::string &name) const {
  const auto alias = aliases_.find(name);
  return alias == aliases_.end() ? name : alias->second;
}

std::optional<Callable> Program::resolve(unsigned translation_unit, const std::string &name) const {
  const auto api = apis_.find(name);
  if (api != apis_.end() && api->second->opaque)
    return Callable{Callable::Kind::api, 0, api->second};
  const auto in = [&](const std::unordered_map<std::string, FunctionIndex> &names) -> std::optional<Callable> {
    const auto found = names.find(name);
    if (found == names.end())
      return std::nullopt;
    return Callable{Callable::Kind::function, found->second, nullptr};
  };
  if (auto found = in(static_functions_[translation_unit]))
    return found;
  if (auto found = in(header_functions_[unit_of_[translation_unit]]))
    return found;
  if (auto found = in(shared_functions_[unit_of_[translation_unit]]))
    return found;
  if (auto found = in(shared_functions_[0]))
    return found;
  if (api != apis_.end())
    return Callable{Callable::Kind::api, 0, api->second};
  return std::nullopt;
}

std::optional<VariableIndex> Program::resolve_variable(unsigned translation_unit, const std::string &name) const {
  for (const auto *names : {&static_variables_[translation_unit], &shared_variables_[unit_of_[translation_unit]],
                            &shared_variables_[0]})
    if (const auto found = names->find(name); found != names->end())
      return found->second;
  return std::nullopt;
}

const std::vector<Callable> *Program::targets_in(const std::string &record, const std::string &field) const {
  if (const auto found = field_targets_.find(key(record, field)); found != field_targets_.end())
    return &found->second;
  const auto namesake = namesake_targets_.find(key(plain_record(record), field));
  return namesake == namesake_targets_.end() ? nullptr : &namesake->second;
}

void Program::add_field_target(const std::string &record, const std::string &field, const Callable &callable) {
  add(field_targets_[key(record, field)], callable);
  add(namesake_targets_[key(plain_record(record), field)], callable);
}

const std::vector<Callable> &Program::field_targets(const std::string &record, const std::string &field) const {
  const std::vector<Callable> *found = targets_in(record, field);
  return !found || found->size() > kMaxTargets ? kNone : *found;
}

const LibraryFunction *Program::opener_of(const std::string &record) const {
  const auto found = field_openers_.find(plain_record(record));
  return found == field_openers_.end() ? nullptr : found->second;
}

const LibraryFunction *Program::field_api(const std::string &record, const std::string &field) const {
  const auto found = field_apis_.find(key(plain_record(record), field));
  return found == field_apis_.end() ? nullptr : found->second;
}

bool Program::is_untold(const std::string &record, const std::string &field) const {
  const std::vector<Callable> *found = targets_in(record, field);
  return found ? found->size() > kMaxTargets : !kept_.given_fields.contains(field);
}

const std::vector<Callable> &Program::variable_targets(VariableIndex variable) const {
  const auto found = variable_targets_.find(variable);
  return found == variable_targets_.end() ? kNone : found->second;
}

std::vector<Callable> Program::passed_targets(FunctionIndex function, std::uint32_t parameter) const {
  std::vector<Callable> out;
  if (const auto ways = passed_.find(function); ways != passed_.end())
    for (const Passed &way : ways->second)
      if (const auto given = way.functions.find(parameter); given != way.functions.end())
        for (const Callable &callable : given->second)
          add(out, callable);
  return out;
}

std::optional<FunctionIndex> Program::core_function(const std::string &name) const {
  const std::vector<FunctionIndex> found = unit_functions(0, name);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::vector<FunctionIndex> Program::unit_functions(unsigned unit, const std::string &name) const {
  std::vector<FunctionIndex> out;
  if (const auto found = shared_functions_[unit].find(name); found != shared_functions_[unit].end())
    out.push_back(found->second);
  for (unsigned tu = 0; tu < facts_.size(); ++tu)
    if (unit_of_[tu] == unit)
      if (const auto found = static_functions_[tu].find(name); found != static_functions_[tu].end())
        out.push_back(found->second);
  return out;
}

SourcePlace Program::place(unsigned translation_unit, const FactPlace &at) const {
  const auto &files = facts_[translation_unit].files;
  return {at.file < files.size() ? files[at.file] : std::string(), at.line, at.column};
}

const std::string &Program::library_of(const LibraryFunction *api) const { return libraries_.at(api); }

// What an expression names: functions directly, or the functions that a caller passed for a parameter.
std::vector<Callable> Program::named_in(FunctionIndex function, const Passed *passed, const Expr &expr) const {
  std::vector<Callable> out;
  for_each_part(expr, [&](const Expr &part) {
    if (part.kind == Expr::Kind::function)
      if (const auto callable = resolve(functions_[function].translation_unit, part.name))
        add(out, *callable);
  });
  const Expr &pointer = expr.kind == Expr::Kind::dereference ? expr.operands.front() : expr;
  if (passed && pointer.kind == Expr::Kind::parameter)
    if (const auto given = passed->functions.find(pointer.index); given != passed->functions.end())
      return given->second;
  return out;
}

void Program::collect_from_initialiser(unsigned translation_unit, const Expr &expr) {
  for_each_part(expr, [&](const Expr &part) {
    if (part.kind != Expr::Kind::aggregate || part.record.empty())
      return;
    for (std::size_t i = 0; i < part.operands.size(); ++i)
      if (part.operands[i].kind == Expr::Kind::function)
        if (const auto callable = resolve(translation_unit, part.operands[i].name))
          add_field_target(part.record, part.fields[i], *callable);
  });
}

/// A wrapper structure around a function that a caller passes: { fn, arg }.
void Program::collect_passed_fields(const Passed &passed, const Expr &expr) {
  for_each_part(expr, [&](const Expr &part) {
    if (part.kind != Expr::Kind::aggregate || part.record.empty())
      return;
    for (std::size_t i = 0; i < part.operands.size(); ++i)
      if (part.operands[i].kind == Expr::Kind::parameter)
        if (const auto given = passed.functions.find(part.operands[i].index); given != passed.functions.end())
          for (const Callable &callable : given->second)
            add_field_target(part.record, part.fields[i], callable);
  });
}

void Program::collect_assignment(FunctionIndex function, const Passed *passed, const AssignFact &assign) {
  const Expr &target = assign.target;
  if (target.kind != Expr::Kind::field && target.kind != Expr::Kind::variable)
    return;
  for (const Callable &callable : named_in(function, passed, assign.value)) {
    if (target.kind == Expr::Kind::field)
      add_field_target(target.record, target.name, callable);
    else if (const auto variable = resolve_variable(functions_[function].translation_unit, target.name))
      add(variable_targets_[*variable], callable);
  }
}

void Program::collect_from_call(FunctionIndex caller, const Passed *passed, const CallFact &call) {
  if (call.callee.kind != Expr::Kind::function)
    return;
  const auto callee = resolve(functions_[caller].translation_unit, call.callee.name);
  if (!callee || callee->kind != Callable::Kind::function)
    return;
  Passed on{known_arguments(call), {}};
  for (std::uint32_t i = 0; i < call.arguments.size(); ++i)
    if (std::vector<Callable> named = named_in(caller, passed, call.arguments[i]); !named.empty())
      on.functions[i] = std::move(named);
  if (on.functions.empty())
    return;
  std::vector<Passed> &all = passed_[callee->function];
  if (std::find(all.begin(), all.end(), on) == all.end())
    all.push_back(std::move(on));
}

// Once for what the function names itself, and once for each way in which it is given functions.
void Program::collect_from_function(FunctionIndex index) {
  const FunctionFacts &facts = functions_[index].facts;
  const auto collect = [&](const Passed *passed) {
    const std::vector<bool> reached =
        passed ? reachable_blocks(facts, passed->known) : std::vector<bool>(facts.blocks.size(), true);
    for (std::size_t b = 0; b < facts.blocks.size(); ++b) {
      if (!reached[b])
        continue;
      for (const Step &step : facts.blocks[b].steps) {
        if (step.kind == Step::Kind::assign)
          collect_assignment(index, passed, step.assign);
        else if (step.kind == Step::Kind::call)
          collect_from_call(index, passed, step.call);
      }
      if (passed)
        for_each_expr(facts.blocks[b], [&](const Expr &expr) { collect_passed_fields(*passed, expr); });
    }
  };
  for_each_expr(facts,
                [&](const Expr &expr) { collect_from_initialiser(functions_[index].translation_unit, expr); });
  collect(nullptr);
  if (const auto passed = passed_.find(index); passed != passed_.end())
    for (const Passed &one : std::vector<Passed>(passed->second))
      collect(&one);
}

/// A pointer to a function, or a table of them.
void Program::collect_pointers(VariableIndex variable, const Expr &initialiser) {
  if (initialiser.kind == Expr::Kind::function)
    if (const auto callable = resolve(variables_[variable].translation_unit, initialiser.name))
      add(variable_targets_[variable], *callable);
  if (initialiser.kind == Expr::Kind::aggregate && initialiser.record.empty())
    for (const Expr &element : initialiser.operands)
      collect_pointers(variable, element);
}

void Program::collect_targets() {
  for (VariableIndex v = 0; v < variables_.size(); ++v)
    if (const VariableFacts *facts = variables_[v].facts; facts && facts->has_initialiser) {
      collect_from_initialiser(variables_[v].translation_unit, facts->initialiser);
      collect_pointers(v, facts->initialiser);
    }
  // A pointer may be passed on through a few functions before it is kept: three rounds see that.
  constexpr int kRounds = 3;
  for (int round = 0; round < kRounds; ++round)
    for (FunctionIndex f = 0; f < functions_.size(); ++f)
      collect_from_function(f);
}

} // namespace initorder
