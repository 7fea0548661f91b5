// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the analysis keeps of a translation unit: for each function a slim control-flow graph of calls,
// assignments, conditions and returns; for each variable its initialiser. Plain values: no Clang from
// here on. The facts of a file depend on nothing but its preprocessed text and its flags.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace initorder {

/// A place in one of the files of a translation unit.
struct FactPlace {
  std::uint32_t file = 0; ///< index into TranslationUnitFacts::files
  std::uint32_t line = 0; ///< from 1; where the macro is used, for what comes out of a macro
  std::uint32_t column = 0;
  friend bool operator==(const FactPlace &, const FactPlace &) = default;
};

/// A name of the source: interned, because the same few thousand are said millions of times. Converts to
/// the string it stands for. Never freed.
class Symbol {
public:
  Symbol() : text_(&kEmpty) {}
  Symbol(const std::string &text) : text_(intern(text)) {}
  Symbol(const char *text) : text_(intern(text)) {}
  operator const std::string &() const { return *text_; }
  const std::string &text() const { return *text_; }
  bool empty() const { return text_->empty(); }
  friend bool operator==(Symbol a, Symbol b) { return a.text_ == b.text_; }
  friend bool operator==(Symbol a, const std::string &b) { return *a.text_ == b; }
  friend bool operator==(Symbol a, const char *b) { return *a.text_ == b; }
  /// Some order, the same throughout a run.
  friend std::strong_ordering operator<=>(Symbol a, Symbol b) { return std::compare_three_way()(a.text_, b.text_); }
  friend std::string operator+(Symbol a, const std::string &b) { return *a.text_ + b; }
  friend std::string operator+(const std::string &a, Symbol b) { return a + *b.text_; }

private:
  static const std::string kEmpty;
  static const std::string *intern(const std::string &text); ///< thread-safe
  const std::string *text_;
};

/// An expression, reduced to what can matter for the order of start-up.
struct Expr {
  enum class Kind : std::uint8_t {
    unknown,     ///< operands hold what could be read of its parts
    integer,     ///< a constant
    text,        ///< a string literal
    function,    ///< a function by name; index 1: something undeclared that may be one
    variable,    ///< a global, or a static local ("function::name")
    parameter,   ///< of the function that holds the expression, by index
    local,       ///< a local variable, by index
    field,       ///< operands[0] . name of a `record`: the structure's tag, or typedef if it has none
    element,     ///< operands[0] [ some index ]
    call,        ///< the result of the call with this index
    logical_not, ///< ! operands[0]
    compare,     ///< operands[0] <op> operands[1]; `name` is the operator
    logical,     ///< && and ||
    bit_and,     ///< operands[0] & operands[1]
    arithmetic,  ///< operands[0] <op> operands[1]; `name` is one of + - | << >>
    conditional, ///< operands[0] ? operands[1] : operands[2]
    address,     ///< & operands[0]
    dereference, ///< * operands[0]
    aggregate,   ///< { ... } of a `record`; operands in the order of `fields` ("" in an array)
  };
  Kind kind = Kind::unknown;
  std::uint32_t index = 0;
  std::int64_t integer = 0;
  Symbol name;
  Symbol record; ///< of a field or an aggregate; with the file that defines it: "db_func@src/lib/srdb1/db.h"
  std::vector<Symbol> fields;
  std::vector<Expr> operands;
  friend bool operator==(const Expr &, const Expr &) = default;
};

/// The name of a structure as packs say it: without the file that defines it.
inline std::string plain_record(const std::string &record) { return record.substr(0, record.find('@')); }

/// A call. `index` is unique in its function, and what Expr::call refers to.
struct CallFact {
  std::uint32_t index = 0;
  Expr callee; ///< a function, or where a pointer to it is read from
  std::vector<Expr> arguments;
  FactPlace at;
  friend bool operator==(const CallFact &, const CallFact &) = default;
};

struct AssignFact {
  Expr target;
  Expr value;
  FactPlace at;
  bool by_address = false; ///< a call gets the target's address: what number it holds is not known from then on
  friend bool operator==(const AssignFact &, const AssignFact &) = default;
};

struct Step {
  enum class Kind : std::uint8_t { call, assign, leave };
  Kind kind = Kind::call;
  CallFact call;     ///< kind call
  AssignFact assign; ///< kind assign; kind leave: `value` is what is returned
  friend bool operator==(const Step &, const Step &) = default;
};

struct Edge {
  enum class When : std::uint8_t { always, if_true, if_false, in_range, otherwise };
  When when = When::always;
  bool implied = false; ///< otherwise, of a switch that has no default label
  std::int64_t low = 0, high = 0; ///< in_range, both inclusive: a case label
  std::uint32_t to = 0;
  bool told = false; ///< leaves a loop because a flag in memory is set, by others: see stop_flags.h
  friend bool operator==(const Edge &, const Edge &) = default;
};

struct Block {
  std::vector<Step> steps;
  Expr condition;             ///< of the edges, when there is more than one
  Symbol condition_text;      ///< as written, shortened
  FactPlace condition_at;
  std::vector<Edge> edges;    ///< only such as the compiler has not ruled out
  friend bool operator==(const Block &, const Block &) = default;
};

struct FunctionFacts {
  std::string name;
  bool is_static = false;
  bool never_returns = false;  ///< no way leads to its exit
  bool runs_for_ever = false;  ///< it never returns, and has a loop: it may be what the process is there for
  bool serves = false;            ///< it has edges that are `told`
  bool serves_until_told = false; ///< and it returns by them alone
  bool is_dropped = false;     ///< its body was not kept: what it does, and what it writes, is not known
  bool is_constructor = false; ///< __attribute__((constructor))
  FactPlace at;                ///< of its name in its definition
  std::uint32_t parameters = 0;
  std::uint32_t entry = 0, exit = 0; ///< indices into blocks
  std::vector<Block> blocks;
  friend bool operator==(const FunctionFacts &, const FunctionFacts &) = default;
};

struct VariableFacts {
  std::string name;
  Symbol record; ///< structure that it is, or that its elements are, as in Expr; "" for none
  bool is_static = false;
  bool is_pointer = false;
  FactPlace at;
  bool has_initialiser = false;
  Expr initialiser;
  friend bool operator==(const VariableFacts &, const VariableFacts &) = default;
};

/// Among the writers of a variable: it is a parameter, which the configuration may set.
inline constexpr const char *kConfigurationWrites = "<configuration>";

struct TranslationUnitFacts {
  std::vector<std::string> files; ///< [0] is the main file; relative to the root, or absolute outside it
  std::vector<FunctionFacts> functions;
  std::vector<VariableFacts> variables;
  /// Variables that something other than their initialiser may change, by assignment here or because
  /// their address is taken, with the functions that assign (empty name: the address escapes; see also
  /// kConfigurationWrites).
  std::unordered_map<std::string, std::unordered_set<std::string>> writers;
  /// The numbers that the file compares a variable with, or gives it.
  std::unordered_map<std::string, std::unordered_set<std::int64_t>> numbers;
  /// typedef name to structure tag, for the names that were asked for.
  std::unordered_map<std::string, std::string> aliases;
  unsigned errors = 0;
  std::string first_error; ///< "mysql.h: file not found (line 12)"
  std::vector<std::string> lost_functions; ///< whose body could not be turned into a graph
};

} // namespace initorder
