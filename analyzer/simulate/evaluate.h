// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Expressions to values, in a state, with three truth values.
#pragma once

#include "analyzer/simulate/value.h"

#include <optional>
#include <unordered_map>
#include <vector>

namespace initorder {

/// Variables of the host whose value the scenario, or the place, decides. Every unit shares them.
struct FixedVariables {
  std::vector<std::optional<std::int64_t>> by_scenario; ///< by number: Program::scenario_variable
  struct ByPlace {
    std::int64_t in_main, in_worker;
  };
  std::unordered_map<std::string, ByPlace> by_place;
};

class Evaluator {
public:
  Evaluator(const Program &program, const FixedVariables &fixed, FunctionIndex function)
      : program_(program), fixed_(fixed), function_(program.functions()[function]) {}

  Value read(const Expr &expr, const State &state) const;

  /// Where the value of `expr` is kept; empty: nowhere that is followed.
  std::optional<Location> location(const Expr &expr) const;
  void write(const Expr &target, Value value, State &state) const;
  /// Someone may have written `target`: a number there is no longer known; a handle, or a function, is taken to stay.
  void forget_number(const Expr &target, State &state) const;

  /// Lets `state` know that `condition` came out as `outcome`.
  void refine(const Expr &condition, bool outcome, State &state) const;
  void refine_equal(const Expr &expr, std::int64_t value, State &state) const;
  void refine_not(const Expr &expr, std::int64_t value, State &state) const;

  /// The value that a variable has before anything ran.
  static Value initial(const Program &program, const Expr &initialiser, unsigned translation_unit);

private:
  Value read_variable(const Expr &expr, const State &state) const;
  Value read_field(const Expr &expr, const State &state) const;
  Value read_address(const Expr &target, const State &state) const;
  Value read_compare(const Expr &expr, const State &state) const;
  Value read_logical(const Expr &expr, const State &state) const;
  void write_element(const Expr &target, const Value &value, State &state) const;
  void refine_order(const Expr &condition, bool outcome, State &state) const;
  /// Where what a condition said of `expr` is kept; empty: nothing may be learned of it.
  std::optional<Location> refined(const Expr &expr) const;
  std::optional<Location> own_field(const Expr &field) const;
  void refine_to(const Expr &expr, Value value, State &state) const;

  const Program &program_;
  const FixedVariables &fixed_;
  const Function &function_;
};

} // namespace initorder
