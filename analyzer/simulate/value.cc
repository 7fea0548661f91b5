// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/simulate/value.h"

#include <algorithm>
#include <tuple>

namespace initorder {

std::strong_ordering operator<=>(const Value &a, const Value &b) {
  return std::tie(a.kind, a.integer, a.functions, a.resources, a.fields) <=>
         std::tie(b.kind, b.integer, b.functions, b.resources, b.fields);
}

Truth Value::truth() const {
  switch (kind) {
  case Kind::integer:
    return integer != 0 ? Truth::yes : Truth::no;
  case Kind::not_zero:
  case Kind::negative:
  case Kind::functions:
  case Kind::resource:
  case Kind::fields:
    return Truth::yes;
  case Kind::unknown:
    break;
  }
  return Truth::unknown;
}

Value join(const Value &a, const Value &b) {
  if (a == b)
    return a;
  if (a.is_negative() && b.is_negative())
    return Value::below_zero();
  if (a.kind == b.kind) {
    Value out = a;
    switch (a.kind) {
    case Value::Kind::functions:
      out.functions.insert(out.functions.end(), b.functions.begin(), b.functions.end());
      std::sort(out.functions.begin(), out.functions.end());
      out.functions.erase(std::unique(out.functions.begin(), out.functions.end()), out.functions.end());
      return out;
    case Value::Kind::resource:
      out.resources.insert(b.resources.begin(), b.resources.end());
      return out;
    case Value::Kind::fields:
      for (auto &[name, value] : out.fields) {
        const auto other = b.fields.find(name);
        value = other == b.fields.end() ? Value{} : join(value, other->second);
      }
      return out;
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
  for (auto cell = into.cells.begin(); cell != into.cells.end();) {
    const auto other = from.cells.find(cell->first);
    // A handle that only one side holds is still the handle of what that side opened.
    const Value joined = join(cell->second, other == from.cells.end() ? Value{} : other->second);
    cell->second = joined;
    cell = joined.kind == Value::Kind::unknown ? into.cells.erase(cell) : std::next(cell);
  }
  for (const auto &[location, value] : from.cells)
    if (value.kind == Value::Kind::resource && !into.cells.contains(location))
      into.cells[location] = value;
  into.open.insert(from.open.begin(), from.open.end());
  into.perhaps_closed.insert(from.perhaps_closed.begin(), from.perhaps_closed.end());
  std::set<ResourceId> closed;
  std::set_intersection(into.closed.begin(), into.closed.end(), from.closed.begin(), from.closed.end(),
                        std::inserter(closed, closed.end()));
  into.closed = std::move(closed);
  into.failing = into.failing && from.failing;
  return into != before;
}

} // namespace initorder
