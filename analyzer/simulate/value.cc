// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/simulate/value.h"

#include <mutex>
#include <set>

namespace initorder {

struct Value::Parts {
  Functions functions;
  Resources resources;
  Fields fields;
  Numbers excluded;

  friend auto operator<=>(const Parts &, const Parts &) = default;
};

const Value::Parts &Value::none() {
  static const Parts kNone;
  return kNone;
}

/// The same few are met over and over: none is ever freed.
const Value::Parts *Value::keep(Parts parts) {
  static std::mutex guard;
  static std::set<Parts> kept;
  const std::lock_guard lock(guard);
  return &*kept.insert(std::move(parts)).first;
}

Value Value::of(Functions functions) { return Value(Kind::functions, 0, keep({std::move(functions), {}, {}, {}})); }
Value Value::of(Resources resources) { return Value(Kind::resource, 0, keep({{}, std::move(resources), {}, {}})); }
Value Value::of(Fields fields) { return Value(Kind::fields, 0, keep({{}, {}, std::move(fields), {}})); }
Value Value::none_of(Numbers numbers) { return Value(Kind::none_of, 0, keep({{}, {}, {}, std::move(numbers)})); }

const Value::Functions &Value::functions() const { return (parts_ ? *parts_ : none()).functions; }
const Value::Resources &Value::resources() const { return (parts_ ? *parts_ : none()).resources; }
const Value::Fields &Value::fields() const { return (parts_ ? *parts_ : none()).fields; }
const Value::Numbers &Value::excluded() const { return (parts_ ? *parts_ : none()).excluded; }

Value Value::perhaps() const {
  Value out = *this;
  if (out.kind == Kind::resource)
    out.integer = 1;
  return out;
}

bool Value::is_not(std::int64_t number) const {
  switch (kind) {
  case Kind::integer:
    return integer != number;
  case Kind::none_of:
    return excluded().contains(number);
  case Kind::negative:
    return number >= 0;
  case Kind::unknown:
    return false;
  default:
    return number == 0 && !is_perhaps();
  }
}

Location Location::below(Symbol name) const {
  Location out = *this;
  out.path = path.empty() ? name : Symbol(path + "." + name.text());
  return out;
}

Truth Value::truth() const {
  switch (kind) {
  case Kind::integer:
    return integer != 0 ? Truth::yes : Truth::no;
  case Kind::not_zero:
  case Kind::negative:
  case Kind::functions:
  case Kind::fields:
    return Truth::yes;
  case Kind::resource:
    return is_perhaps() ? Truth::unknown : Truth::yes;
  case Kind::none_of:
    return is_not(0) ? Truth::yes : Truth::unknown;
  case Kind::unknown:
    break;
  }
  return Truth::unknown;
}

/// What neither can be.
static Value join_excluded(const Value &a, const Value &b) {
  const bool first = a.kind == Value::Kind::none_of;
  Value::Numbers both;
  for (const std::int64_t number : (first ? a : b).excluded())
    if ((first ? b : a).is_not(number))
      both.insert(number);
  return both.empty() ? Value{} : Value::none_of(std::move(both));
}

Value join(const Value &a, const Value &b) {
  if (a == b)
    return a;
  if (a.is_negative() && b.is_negative())
    return Value::below_zero();
  if (a.kind == Value::Kind::none_of || b.kind == Value::Kind::none_of)
    return join_excluded(a, b);
  if (a.kind == b.kind) {
    switch (a.kind) {
    case Value::Kind::functions: {
      Value::Functions either = a.functions();
      either.insert(b.functions().begin(), b.functions().end());
      return Value::of(std::move(either));
    }
    case Value::Kind::resource: {
      Value::Resources either = a.resources();
      either.insert(b.resources().begin(), b.resources().end());
      const Value out = Value::of(std::move(either));
      return a.is_perhaps() || b.is_perhaps() ? out.perhaps() : out;
    }
    case Value::Kind::fields: {
      Value::Fields joined = a.fields();
      for (auto &[name, value] : joined) {
        const auto other = b.fields().find(name);
        value = other == b.fields().end() ? Value{} : join(value, other->second);
      }
      return Value::of(std::move(joined));
    }
    case Value::Kind::integer:
      return a.truth() == Truth::yes && b.truth() == Truth::yes ? Value::not_null() : Value{};
    default:
      return {};
    }
  }
  const auto is_null = [](const Value &value) { return value.kind == Value::Kind::integer && value.integer == 0; };
  if (a.kind == Value::Kind::resource || a.kind == Value::Kind::functions)
    return is_null(b) || a.kind == Value::Kind::resource ? a : Value{};
  if (b.kind == Value::Kind::resource || b.kind == Value::Kind::functions)
    return join(b, a);
  return a.truth() == Truth::yes && b.truth() == Truth::yes ? Value::not_null() : Value{};
}

bool join_into(State &into, const State &from) {
  const State before = into;
  for (auto &[location, value] : into.cells) {
    const auto other = from.cells.find(location);
    // A handle that only one side holds is still the handle of what that side opened.
    value = join(value, other == from.cells.end() ? Value{} : other->second);
  }
  into.cells.erase_if([](const auto &cell) { return cell.second.kind == Value::Kind::unknown; });
  for (const auto &[location, value] : from.cells)
    if (value.kind == Value::Kind::resource && !into.cells.contains(location))
      into.cells[location] = value;
  into.open.insert(from.open.begin(), from.open.end());
  into.perhaps_closed.insert(from.perhaps_closed.begin(), from.perhaps_closed.end());
  into.closed.intersect(from.closed);
  into.failing = into.failing && from.failing;
  into.told = into.told && from.told;
  return into != before;
}

} // namespace initorder
