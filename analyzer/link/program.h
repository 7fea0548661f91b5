// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The facts of all files, joined: who a name means where it is used, and what can stand in a field.
#pragma once

#include "analyzer/configured.h"
#include "analyzer/facts/facts.h"
#include "analyzer/link/reachable_blocks.h"
#include "analyzer/link/wanted_effects.h"
#include "analyzer/prepass/prepass.h"
#include "analyzer/tree/source_tree.h"
#include "rules/packs.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace initorder {

using FunctionIndex = std::uint32_t;
using VariableIndex = std::uint32_t;

/// The host's variables whose value the scenario decides.
std::unordered_set<std::string> decided_variables(const HostPack &host);

/// Whether the function gives the variable a value that it derives from one of the others: by what it assigns, or by
/// the branch on which it assigns a number.
bool derives(const FunctionFacts &function, const std::string &variable, const std::unordered_set<std::string> &from);

/// What a call may reach: a function of the tree, or one that a pack describes.
struct Callable {
  enum class Kind : std::uint8_t { function, api };
  Kind kind = Kind::function;
  FunctionIndex function = 0;
  const LibraryFunction *api = nullptr;

  friend auto operator<=>(const Callable &, const Callable &) = default;
};

struct Function {
  FunctionFacts facts;     ///< slimmed once relevance is known
  unsigned translation_unit = 0;
  unsigned unit = 0;
  bool relevant = false;   ///< an effect that a rule asks about can be reached from it, or it decides about one
  bool relevant_in_worker = false; ///< the same for what rules ask of workers
  bool small = false;      ///< so small that what it returns is worth knowing
  bool entangled = false;  ///< one of many functions that all call each other
  std::unordered_set<VariableIndex> reads; ///< tracked variables that it, or what it calls, may read or write
  std::unordered_set<VariableIndex> writes; ///< those of them that may be written
  /// Pointers that may be written by whoever leads to it, or by what they call. Null: not known.
  std::shared_ptr<const std::unordered_set<VariableIndex>> sets_up;
  std::uint32_t asks = 0;  ///< scenario variables on which it, or what it calls, depends: bit n for number n
};

/// The name under which a library's version is a variable: no name of C.
inline std::string version_variable(const std::string &library) { return "version:" + library; }

/// Whether a walk goes into the function.
inline bool followed(const Function &function, ProcessRole process) {
  return function.small || (process == ProcessRole::main ? function.relevant : function.relevant_in_worker);
}

struct Variable {
  std::string name;
  unsigned translation_unit = 0, unit = 0;
  const VariableFacts *facts = nullptr; ///< null: declared only
  bool escapes = false;                 ///< its address is taken: anyone may change it
  bool is_parameter = false;            ///< the configuration may set it
  std::unordered_set<FunctionIndex> writers;
  /// never: its value is not followed. constant: its initialiser. flow: followed from call to call.
  enum class Follow : std::uint8_t { never, constant, flow } follow = Follow::never;
  std::unordered_set<std::int64_t> numbers; ///< that it starts with, is given, or is compared with
  bool may_refine = false; ///< what a condition says of it holds until a function writes it that is walked
};

/// Variables of a host's scenarios; more would not fit into Function::asks.
constexpr std::size_t kMaxScenarioVariables = 32;

/// More functions than this in one field: a call through it could be anything.
constexpr std::size_t kMaxTargets = 32;

class Program {
public:
  /// `facts[i]` are those of tree.files[kept.files[i]]. `configured`: null if no one start is meant.
  Program(const SourceTree &tree, const Packs &packs, std::vector<TranslationUnitFacts> facts,
          const Kept &kept, const WantedEffects &wanted, const Configured *configured);
  Program(const Program &) = delete;

  const SourceTree &tree() const { return tree_; }
  const std::vector<Function> &functions() const { return functions_; }
  const std::vector<Variable> &variables() const { return variables_; }
  const TranslationUnitFacts &translation_unit(unsigned index) const { return facts_[index]; }
  unsigned unit_of(unsigned translation_unit) const { return unit_of_[translation_unit]; }
  std::size_t translation_units() const { return facts_.size(); }

  /// Whom `name` means in a translation unit; empty: something that no file and no pack describes.
  std::optional<Callable> resolve(unsigned translation_unit, const std::string &name) const;
  std::optional<VariableIndex> resolve_variable(unsigned translation_unit, const std::string &name) const;

  /// Everything that is put into a field anywhere in the tree. `record` and `field` as in Expr. Where nobody fills
  /// this definition of the structure, those of the same name stand for it: headers are copied. A table that
  /// holds more than kMaxTargets functions (every command, every RPC) says nothing of which one is
  /// called: it counts as empty.
  const std::vector<Callable> &field_targets(const std::string &record, const std::string &field) const;
  /// The pack's word on a field, if it has one.
  const LibraryFunction *field_api(const std::string &record, const std::string &field) const;
  /// The function of a pack that opens what the other functions of the structure work on; null: none.
  const LibraryFunction *opener_of(const std::string &record) const;
  /// Whether a switch without a default label has a case for each number that its variable is ever meant to be.
  bool is_complete(unsigned translation_unit, const Block &choice) const;
  /// Everything that is put into a variable anywhere.
  const std::vector<Callable> &variable_targets(VariableIndex variable) const;

  /// Every function that some caller passes for this parameter.
  std::vector<Callable> passed_targets(FunctionIndex function, std::uint32_t parameter) const;

  std::optional<FunctionIndex> core_function(const std::string &name) const;
  /// The functions of `unit` called `name`, static or not.
  std::vector<FunctionIndex> unit_functions(unsigned unit, const std::string &name) const;
  /// Whether any parsed file defines or uses a variable of this name that is not static.
  bool mentions_variable(const std::string &name) const { return shared_names_.contains(name); }
  /// The number of the scenario variable whose value a global has; none if the scenarios do not fix it.
  std::optional<unsigned> scenario_variable(const std::string &global) const;
  /// The number of the scenario variable that says whether the unit is loaded; none if it always is.
  std::optional<unsigned> presence_variable(unsigned unit) const;
  /// Whether anything in the tree depends on the version of this library.
  bool asks_for_version(const LibraryPack &library) const;
  /// The first of the library's versions, by index, from which this tree does not tell the given one apart.
  std::int64_t same_version(const LibraryPack &library, std::int64_t version) const;
  /// Whether the effect is one of this version of its library, by index; without a version: of some version.
  bool has_effect(const LibraryFunction *api, const CallEffect &effect, std::optional<std::int64_t> version) const;
  /// The tag that a pack's name of a structure (a tag or a typedef) stands for.
  const std::string &canonical_record(const std::string &name) const;

  /// Whether the host can load the unit as a module.
  bool is_enterable(unsigned unit) const { return kept_.enterable.contains(unit); }
  /// Whether the unit has the entry: it calls the function of the core that asks for it, where there is one.
  bool asks_for(unsigned unit, const EntryPoint &entry) const {
    const auto asking = kept_.asking.find(entry.if_calls);
    return asking == kept_.asking.end() || asking->second.contains(unit);
  }

  /// Whether the core has the function that modules call to ask for the entry.
  bool has_asking(const EntryPoint &entry) const { return kept_.asking.contains(entry.if_calls); }

  SourcePlace place(unsigned translation_unit, const FactPlace &at) const;
  /// The pack that an API comes from: "openssl", or the host's name.
  const std::string &library_of(const LibraryFunction *api) const;
  const WantedEffects &wanted() const { return wanted_; }

private:
  void index_functions();
  void index_variables();
  /// A variable that modules name in their tables of parameters: under these names.
  struct Parameter {
    std::vector<std::string> names;
    bool is_integer = false;
    bool is_told = true; ///< what the tables say of it can be read
  };
  std::map<VariableIndex, Parameter> parameters() const;
  void index_parameters();
  void index_numbers();
  void index_names();
  void index_apis(const Packs &packs);
  void index_scenario_variables(const Packs &packs);
  /// One way in which a function is called with functions as arguments.
  struct Passed {
    KnownArguments known;
    std::map<std::uint32_t, std::vector<Callable>> functions; ///< by argument
    friend bool operator==(const Passed &, const Passed &) = default;
  };
  void collect_targets();
  void add_field_target(const std::string &record, const std::string &field, const Callable &callable);
  const std::vector<Callable> *targets_in(const std::string &record, const std::string &field) const;
  void collect_from_initialiser(unsigned translation_unit, const Expr &expr);
  void collect_pointers(VariableIndex variable, const Expr &initialiser);
  void collect_passed_fields(const Passed &passed, const Expr &expr);
  void collect_from_function(FunctionIndex index);
  void collect_from_call(FunctionIndex caller, const Passed *passed, const CallFact &call);
  void collect_assignment(FunctionIndex function, const Passed *passed, const AssignFact &assign);
  std::vector<Callable> named_in(FunctionIndex function, const Passed *passed, const Expr &expr) const;
  void find_relevant(ProcessRole process);
  void find_entangled();
  void find_deciding();
  bool is_reached_in_sight(const std::unordered_set<FunctionIndex> &writers) const;
  void reach_callers(std::vector<FunctionIndex> from, ProcessRole process);
  void decide_following();
  void find_set_up();
  void find_reads();

  /// Whether the functions in a field are not known, as opposed to known not to matter.
  bool is_untold(const std::string &record, const std::string &field) const;

  const SourceTree &tree_;
  const Kept &kept_;
  std::vector<TranslationUnitFacts> facts_;
  std::vector<unsigned> unit_of_;
  const WantedEffects &wanted_;
  const Configured *configured_;
  std::deque<VariableFacts> configured_facts_; ///< of variables that the configuration sets
  std::vector<bool> is_whole_;                 ///< by unit: every function of it is in facts_
  std::vector<Function> functions_;
  std::vector<Variable> variables_;
  std::vector<std::unordered_map<std::string, FunctionIndex>> static_functions_; ///< by translation unit
  std::vector<std::unordered_map<std::string, FunctionIndex>> header_functions_; ///< static ones, by linkage unit
  std::vector<std::unordered_map<std::string, FunctionIndex>> shared_functions_; ///< by linkage unit
  std::vector<std::unordered_map<std::string, VariableIndex>> static_variables_;
  std::vector<std::unordered_map<std::string, VariableIndex>> shared_variables_;
  std::unordered_map<std::string, const LibraryFunction *> apis_;       ///< by function name
  std::unordered_map<std::string, const LibraryFunction *> field_apis_; ///< "record.field", the plain name
  std::unordered_map<std::string, const LibraryFunction *> field_openers_; ///< by record
  std::unordered_map<const LibraryFunction *, std::string> libraries_;
  std::unordered_map<std::string, std::string> aliases_;
  std::unordered_map<std::string, unsigned> scenario_variables_; ///< by the name of the global
  std::unordered_map<std::string, unsigned> presence_variables_; ///< by module
  std::unordered_map<std::string, const LibraryPack *> versioned_; ///< libraries with versions, by name
  std::unordered_set<std::string> shared_names_; ///< of variables that are not static
  std::unordered_set<std::string> openers_;      ///< core functions that open a phase: their calls are kept
  std::unordered_map<std::string, std::vector<Callable>> field_targets_;      ///< "record@file.field"
  std::unordered_map<std::string, std::vector<Callable>> namesake_targets_;   ///< the same by the plain name
  std::unordered_map<VariableIndex, std::vector<Callable>> variable_targets_;
  std::map<FunctionIndex, std::vector<Passed>> passed_; ///< what callers hand to a function
  std::vector<std::vector<FunctionIndex>> callers_;     ///< by function, while relevance is found
};

/// Calls `visit(expr)` for the expression and all its parts.
template <class Visit> void for_each_part(const Expr &expr, const Visit &visit) {
  visit(expr);
  for (const Expr &operand : expr.operands)
    for_each_part(operand, visit);
}

/// What an aggregate puts into the field; null: nothing.
inline const Expr *field_of(const Expr &aggregate, const std::string &field) {
  for (std::size_t i = 0; i < aggregate.operands.size() && i < aggregate.fields.size(); ++i)
    if (aggregate.fields[i] == field)
      return &aggregate.operands[i];
  return nullptr;
}

/// Calls `visit(aggregate)` for the initialiser of a structure, or for that of each row of a table. `record`: plain.
template <class Visit> void for_each_row(const Expr &initialiser, const std::string &record, const Visit &visit) {
  if (initialiser.kind != Expr::Kind::aggregate)
    return;
  if (plain_record(initialiser.record) == record)
    return visit(initialiser);
  for (const Expr &operand : initialiser.operands)
    for_each_row(operand, record, visit);
}

/// Calls `visit(expr)` for each expression of a block, without their parts.
template <class Visit> void for_each_expr(const Block &block, const Visit &visit) {
  visit(block.condition);
  for (const Step &step : block.steps) {
    if (step.kind == Step::Kind::call) {
      visit(step.call.callee);
      for (const Expr &argument : step.call.arguments)
        visit(argument);
    } else {
      visit(step.assign.target);
      visit(step.assign.value);
    }
  }
}

template <class Visit> void for_each_expr(const FunctionFacts &function, const Visit &visit) {
  for (const Block &block : function.blocks)
    for_each_expr(block, visit);
}

} // namespace initorder
