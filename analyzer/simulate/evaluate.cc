// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/simulate/evaluate.h"

#include <algorithm>

namespace initorder {
namespace {

Value cell(const State &state, const Location &location) {
  const auto found = state.cells.find(location);
  return found == state.cells.end() ? Value{} : found->second;
}

bool is_static(const Variable &variable) { return variable.facts && variable.facts->is_static; }

Value of(Truth truth) {
  return truth == Truth::unknown ? Value{} : Value::of(truth == Truth::yes);
}

Truth opposite(Truth truth) {
  return truth == Truth::unknown ? truth : truth == Truth::yes ? Truth::no : Truth::yes;
}

Truth compare(std::int64_t a, const std::string &op, std::int64_t b) {
  const bool holds = op == "==" ? a == b : op == "!=" ? a != b : op == "<" ? a < b : op == "<=" ? a <= b
                     : op == ">" ? a > b : a >= b;
  return holds ? Truth::yes : Truth::no;
}

/// Unknown where C does not say what comes out.
Value calculate(std::int64_t a, const std::string &op, std::int64_t b) {
  const bool shifts = op == "<<" || op == ">>";
  if (shifts && (a < 0 || b < 0 || b >= 32))
    return {};
  std::int64_t out = 0;
  if (op == "+" ? __builtin_add_overflow(a, b, &out) : op == "-" && __builtin_sub_overflow(a, b, &out))
    return {};
  return Value::of(op == "|" ? a | b : op == "<<" ? a << b : op == ">>" ? a >> b : out);
}

/// Whether `at` is a part of what is kept at `whole`.
bool is_below(const Location &at, const Location &whole) {
  const std::string &outer = whole.path;
  return at.record == whole.record && (outer.empty() ? !at.path.empty()
                                                     : at.path.text().size() > outer.size() &&
                                                           at.path.text()[outer.size()] == '.' &&
                                                           at.path.text().starts_with(outer));
}

/// The first place that may be below `whole`; the others follow, as long as they have its root.
auto first_below(const State &state, const Location &whole) {
  return state.cells.lower_bound({whole.kind, whole.index, {}, {}});
}

/// The fields of everything kept below `whole`.
Value fields_below(const State &state, const Location &whole) {
  Value::Fields fields;
  for (auto at = first_below(state, whole); at != state.cells.end() && at->first.same_root(whole); ++at)
    if (is_below(at->first, whole))
      fields[whole.path.empty() ? at->first.path : Symbol(at->first.path.text().substr(whole.path.text().size() + 1))] =
          at->second;
  return fields.empty() ? Value{} : Value::of(std::move(fields));
}

constexpr std::ptrdiff_t kMaxExcluded = 4; ///< numbers that a value is known not to be

/// Whether a condition can still say more of it.
bool is_open(const Value &value) {
  return value.kind == Value::Kind::unknown || value.kind == Value::Kind::none_of ||
         value.kind == Value::Kind::not_zero || value.is_perhaps();
}

} // namespace

std::optional<Location> Evaluator::location(const Expr &expr) const {
  switch (expr.kind) {
  case Expr::Kind::local:
    return Location{Location::Kind::local, expr.index, {}, {}};
  case Expr::Kind::parameter:
    return parameter_location(expr.index);
  case Expr::Kind::call:
    return result_location(expr.index);
  case Expr::Kind::variable:
    if (const auto variable = program_.resolve_variable(function_.translation_unit, expr.name))
      return variable_location(*variable);
    return std::nullopt;
  case Expr::Kind::field: {
    const Expr &base = expr.operands.front();
    if (base.kind == Expr::Kind::local)
      if (const auto inside = location(base))
        return inside->below(expr.name);
    if (base.kind == Expr::Kind::variable)
      if (const auto variable = program_.resolve_variable(function_.translation_unit, base.name);
          variable && program_.variables()[*variable].follow == Variable::Follow::flow)
        return variable_location(*variable).below(expr.name);
    return Location{Location::Kind::record, 0, expr.record, expr.name};
  }
  case Expr::Kind::dereference: // of a field, `*connection->handle`: what that field leads to
    if (const Expr &pointer = expr.operands.front(); pointer.kind == Expr::Kind::field)
      return Location{Location::Kind::record, 0, pointer.record, Symbol("*" + pointer.name.text())};
    return std::nullopt;
  default:
    return std::nullopt;
  }
}

Value Evaluator::initial(const Program &program, const Expr &initialiser, unsigned translation_unit) {
  switch (initialiser.kind) {
  case Expr::Kind::integer:
    return Value::of(initialiser.integer);
  case Expr::Kind::text:
  case Expr::Kind::address:
    return Value::not_null();
  case Expr::Kind::function: {
    const auto callable = program.resolve(translation_unit, initialiser.name);
    return callable ? Value::of(*callable) : initialiser.index == 0 ? Value::not_null() : Value{};
  }
  default:
    return {};
  }
}

Value Evaluator::read_variable(const Expr &expr, const State &state) const {
  const auto index = program_.resolve_variable(function_.translation_unit, expr.name);
  if (!index || !is_static(program_.variables()[*index])) {
    // The configuration says what it is, until the code says something else.
    if (const auto number = program_.scenario_variable(expr.name); number && fixed_.by_scenario[*number]) {
      const Value assigned = index ? cell(state, variable_location(*index)) : Value{};
      return assigned.kind == Value::Kind::unknown ? Value::of(*fixed_.by_scenario[*number]) : assigned;
    }
    if (const auto fixed = fixed_.by_place.find(expr.name); fixed != fixed_.by_place.end())
      return Value::of(state.process == ProcessRole::main ? fixed->second.in_main : fixed->second.in_worker);
  }
  if (!index)
    return {};
  const Variable &variable = program_.variables()[*index];
  if (variable.follow == Variable::Follow::constant && variable.facts->record.empty())
    return variable.facts->has_initialiser
               ? initial(program_, variable.facts->initialiser, variable.translation_unit)
               : Value::of(0);
  const Value whole = cell(state, variable_location(*index));
  return whole.kind == Value::Kind::unknown ? fields_below(state, variable_location(*index)) : whole;
}

Value Evaluator::read_field(const Expr &expr, const State &state) const {
  const Value base = read(expr.operands.front(), state);
  if (base.kind == Value::Kind::fields) {
    const auto found = base.fields().find(expr.name);
    if (found != base.fields().end() && found->second.kind != Value::Kind::unknown)
      return found->second;
  }
  const auto own = own_field(expr);
  Value kept = own ? cell(state, *own) : Value{};
  if (kept.kind == Value::Kind::unknown)
    if (const auto at = location(expr))
      kept = cell(state, *at);
  // A function pointer that a pack describes is taken to be bound, as opening is taken to succeed.
  return kept.kind == Value::Kind::unknown && program_.field_api(expr.record, expr.name) ? Value::not_null() : kept;
}

Value Evaluator::read_address(const Expr &target, const State &state) const {
  if (target.kind == Expr::Kind::aggregate)
    return read(target, state);
  if (const auto at = location(target)) {
    const Value fields = fields_below(state, *at);
    if (fields.kind == Value::Kind::fields)
      return fields;
  }
  return Value::not_null();
}

Value Evaluator::read_compare(const Expr &expr, const State &state) const {
  const Value a = read(expr.operands[0], state), b = read(expr.operands[1], state);
  if (a.kind == Value::Kind::integer && b.kind == Value::Kind::integer)
    return of(compare(a.integer, expr.name, b.integer));
  const auto differ = [](const Value &one, const Value &other) {
    return one.kind == Value::Kind::integer && other.is_not(one.integer);
  };
  if (differ(a, b) || differ(b, a)) {
    if (expr.name == "==")
      return Value::of(0);
    if (expr.name == "!=")
      return Value::of(1);
  }
  // Below zero is less than any number that is not.
  const auto at_least_zero = [](const Value &value) { return value.kind == Value::Kind::integer && value.integer >= 0; };
  const bool left = a.kind == Value::Kind::negative && at_least_zero(b);
  const bool right = b.kind == Value::Kind::negative && at_least_zero(a);
  if ((left || right) && expr.name.text().find_first_of("<>") == 0)
    return Value::of((expr.name.text().front() == '<') == left);
  return {};
}

Value Evaluator::read_logical(const Expr &expr, const State &state) const {
  const Truth a = read(expr.operands[0], state).truth(), b = read(expr.operands[1], state).truth();
  const Truth decisive = expr.name == "&&" ? Truth::no : Truth::yes;
  if (a == decisive || b == decisive)
    return of(decisive);
  return a == Truth::unknown || b == Truth::unknown ? Value{} : of(opposite(decisive));
}

Value Evaluator::read(const Expr &expr, const State &state) const {
  switch (expr.kind) {
  case Expr::Kind::integer:
    return Value::of(expr.integer);
  case Expr::Kind::text:
    return Value::not_null();
  case Expr::Kind::function: {
    const auto callable = program_.resolve(function_.translation_unit, expr.name);
    return callable ? Value::of(*callable) : expr.index == 0 ? Value::not_null() : Value{};
  }
  case Expr::Kind::variable:
    return read_variable(expr, state);
  case Expr::Kind::parameter:
  case Expr::Kind::local:
  case Expr::Kind::call: {
    const Location at = *location(expr);
    const Value whole = cell(state, at);
    return whole.kind == Value::Kind::unknown ? fields_below(state, at) : whole;
  }
  case Expr::Kind::field:
    return read_field(expr, state);
  case Expr::Kind::logical_not:
    return of(opposite(read(expr.operands[0], state).truth()));
  case Expr::Kind::compare:
    return read_compare(expr, state);
  case Expr::Kind::logical:
    return read_logical(expr, state);
  case Expr::Kind::bit_and: {
    const Value a = read(expr.operands[0], state), b = read(expr.operands[1], state);
    if (a.kind == Value::Kind::integer && b.kind == Value::Kind::integer)
      return Value::of(a.integer & b.integer);
    return a.truth() == Truth::no || b.truth() == Truth::no ? Value::of(0) : Value{};
  }
  case Expr::Kind::arithmetic: {
    const Value a = read(expr.operands[0], state), b = read(expr.operands[1], state);
    if (a.kind == Value::Kind::integer && b.kind == Value::Kind::integer)
      return calculate(a.integer, expr.name, b.integer);
    return {};
  }
  case Expr::Kind::conditional: {
    const Truth which = read(expr.operands[0], state).truth();
    if (which != Truth::unknown)
      return read(expr.operands[which == Truth::yes ? 1 : 2], state);
    return join(read(expr.operands[1], state), read(expr.operands[2], state));
  }
  case Expr::Kind::address:
    return read_address(expr.operands.front(), state);
  case Expr::Kind::dereference: {
    const Value pointer = read(expr.operands.front(), state);
    if (pointer.kind == Value::Kind::functions || pointer.kind == Value::Kind::fields)
      return pointer;
    const auto at = location(expr);
    return at ? cell(state, *at) : Value{};
  }
  case Expr::Kind::aggregate: {
    Value::Fields fields;
    for (std::size_t i = 0; i < expr.operands.size(); ++i)
      if (!expr.fields[i].empty())
        if (const Value value = read(expr.operands[i], state); value.kind != Value::Kind::unknown)
          fields[expr.fields[i]] = value;
    return Value::of(std::move(fields));
  }
  case Expr::Kind::element: {
    const auto whole = location(expr.operands.front());
    const Value any = whole ? cell(state, *whole) : Value{};
    return any.kind == Value::Kind::resource ? any : Value{};
  }
  case Expr::Kind::unknown:
    break;
  }
  return {};
}

/// Which element it is nobody knows: the array holds the handles of all.
void Evaluator::write_element(const Expr &target, const Value &value, State &state) const {
  const auto whole = location(target.operands.front());
  if (!whole || value.kind != Value::Kind::resource)
    return;
  const Value before = cell(state, *whole);
  state.cells[*whole] = before.kind == Value::Kind::resource ? join(before, value) : value;
}

void Evaluator::write(const Expr &target, Value value, State &state) const {
  if (target.kind == Expr::Kind::element)
    return write_element(target, value, state);
  const auto at = location(target);
  if (!at)
    return;
  if (target.kind == Expr::Kind::field)
    if (const auto own = own_field(target))
      state.cells.erase(*own);
  // A field of a structure that is not known stands for that field of every such structure: good enough
  // to find a handle again, not to know a number.
  if (at->kind == Location::Kind::record && value.kind != Value::Kind::resource)
    value = {};
  if (first_below(state, *at) != state.cells.end())
    state.cells.erase_if([&](const auto &cell) { return cell.first.same_root(*at) && is_below(cell.first, *at); });
  for (const auto &[name, part] : value.fields())
    state.cells[at->below(name)] = part;
  if (value.kind == Value::Kind::unknown || value.kind == Value::Kind::fields)
    state.cells.erase(*at);
  else
    state.cells[*at] = value;
}

void Evaluator::forget_number(const Expr &target, State &state) const {
  const auto at = location(target);
  if (!at || !at->is_own())
    return;
  state.cells.erase_if([&](const auto &cell) {
    const Value::Kind kind = cell.second.kind;
    return cell.first.same_root(*at) && (cell.first == *at || is_below(cell.first, *at)) &&
           kind != Value::Kind::resource && kind != Value::Kind::functions && kind != Value::Kind::fields;
  });
}

// What a condition said of a variable holds until something writes it; when functions that the walk
// passes over may write it, nothing is learned.
std::optional<Location> Evaluator::refined(const Expr &expr) const {
  if (expr.kind == Expr::Kind::local || expr.kind == Expr::Kind::parameter || expr.kind == Expr::Kind::call)
    return location(expr);
  if (expr.kind == Expr::Kind::field)
    return own_field(expr);
  if (expr.kind != Expr::Kind::variable)
    return std::nullopt;
  const auto index = program_.resolve_variable(function_.translation_unit, expr.name);
  return index && program_.variables()[*index].may_refine ? location(expr) : std::nullopt;
}

// A field of a variable that is a structure: no other name leads to it, as far as anyone can see.
std::optional<Location> Evaluator::own_field(const Expr &expr) const {
  const Expr &base = expr.operands.front();
  if (base.kind != Expr::Kind::variable)
    return std::nullopt;
  const auto index = program_.resolve_variable(function_.translation_unit, base.name);
  if (!index)
    return std::nullopt;
  const Variable &variable = program_.variables()[*index];
  if (!variable.may_refine || !variable.facts || variable.facts->record.empty())
    return std::nullopt;
  return variable_location(*index).below(expr.name);
}

void Evaluator::refine_to(const Expr &expr, Value value, State &state) const {
  if (const auto at = refined(expr))
    state.cells[*at] = std::move(value);
}

void Evaluator::refine_equal(const Expr &expr, std::int64_t value, State &state) const {
  const Value now = read(expr, state);
  if (!is_open(now) || now.is_not(value))
    return;
  // This way is one on which it was not opened, unless it stands elsewhere too.
  const auto at = location(expr);
  for (const ResourceId id : now.resources()) {
    const auto holds = [&](const auto &cell) { return (!at || cell.first != *at) && cell.second.resources().contains(id); };
    if (std::any_of(state.cells.begin(), state.cells.end(), holds))
      continue;
    state.open.erase(id);
    state.closed.insert(id);
  }
  refine_to(expr, Value::of(value), state);
}

void Evaluator::refine_not(const Expr &expr, std::int64_t value, State &state) const {
  Value now = read(expr, state);
  if (!is_open(now) || now.is_not(value))
    return;
  if (now.is_perhaps()) {
    if (value == 0)
      refine_to(expr, Value::of(now.resources()), state);
    return;
  }
  Value::Numbers excluded = now.excluded();
  if (now.kind == Value::Kind::not_zero)
    excluded.insert(0);
  excluded.insert(value);
  if (std::distance(excluded.begin(), excluded.end()) <= kMaxExcluded)
    refine_to(expr, Value::none_of(std::move(excluded)), state);
}

// x < 0, x <= -1, 0 > x, and what it means when x >= 0 is false.
void Evaluator::refine_order(const Expr &condition, bool outcome, State &state) const {
  const bool number_is_right = condition.operands[1].kind == Expr::Kind::integer;
  if (!number_is_right && condition.operands[0].kind != Expr::Kind::integer)
    return;
  const Expr &tested = condition.operands[number_is_right ? 0 : 1];
  const std::int64_t number = condition.operands[number_is_right ? 1 : 0].integer;
  const bool says_less = (condition.name.text().front() == '<') == number_is_right;
  const bool or_equal = condition.name.text().size() == 2;
  const bool is_less = says_less == outcome;
  const bool may_equal = or_equal == outcome;
  if (is_less && (may_equal ? number < 0 : number <= 0) && is_open(read(tested, state)))
    refine_to(tested, Value::below_zero(), state);
}

void Evaluator::refine(const Expr &condition, bool outcome, State &state) const {
  if (condition.kind == Expr::Kind::logical_not) {
    refine(condition.operands.front(), !outcome, state);
  } else if (condition.kind == Expr::Kind::compare && (condition.name == "==" || condition.name == "!=")) {
    const bool equal = (condition.name == "==") == outcome;
    for (const int side : {0, 1}) {
      const Value other = read(condition.operands[1 - side], state);
      if (other.kind != Value::Kind::integer)
        continue;
      if (equal)
        refine_equal(condition.operands[side], other.integer, state);
      else if (other.integer == 0)
        refine(condition.operands[side], true, state);
      else
        refine_not(condition.operands[side], other.integer, state);
    }
  } else if (condition.kind == Expr::Kind::compare) {
    refine_order(condition, outcome, state);
  } else if (!outcome) {
    refine_equal(condition, 0, state);
  } else if (const Value now = read(condition, state); now.kind == Value::Kind::none_of) {
    refine_not(condition, 0, state);
  } else if (now.is_perhaps()) {
    refine_to(condition, Value::of(now.resources()), state);
  } else if (now.kind == Value::Kind::unknown) {
    refine_to(condition, Value::not_null(), state);
  }
}

} // namespace initorder
