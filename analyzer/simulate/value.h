// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the walk knows of a value, and of everything at one point of a path.
#pragma once

#include "analyzer/link/program.h"

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace initorder {

/// Something that is opened and closed: numbered by the call that opens it.
using ResourceId = std::uint64_t;

/// Stands for "whatever of this library is open": bit 63 tells it from the number of a call.
ResourceId any_of_library(const std::string &library);

enum class Truth : std::uint8_t { no, yes, unknown };

struct Value {
  enum class Kind : std::uint8_t {
    unknown,
    not_zero,  ///< unknown, but not 0 and not NULL
    negative,  ///< unknown, but below 0: by the host's habit an error
    integer,   ///< NULL is 0
    functions, ///< a pointer to one of these
    resource,  ///< the handle of something opened
    fields,    ///< a structure, or a pointer to one, of which some fields are known
  };
  Kind kind = Kind::unknown;
  std::int64_t integer = 0;
  std::vector<Callable> functions; ///< sorted
  std::set<ResourceId> resources;
  std::map<std::string, Value> fields;

  static Value of(std::int64_t integer) { return {Kind::integer, integer, {}, {}, {}}; }
  static Value not_null() { return {Kind::not_zero, 0, {}, {}, {}}; }
  static Value below_zero() { return {Kind::negative, 0, {}, {}, {}}; }
  bool is_negative() const { return kind == Kind::negative || (kind == Kind::integer && integer < 0); }
  static Value of(Callable callable) { return {Kind::functions, 0, {callable}, {}, {}}; }
  static Value handle(ResourceId id) { return {Kind::resource, 0, {}, {id}, {}}; }

  Truth truth() const;
  friend std::strong_ordering operator<=>(const Value &a, const Value &b);
  friend bool operator==(const Value &a, const Value &b) { return (a <=> b) == 0; }
};

/// What holds when either holds. NULL or a handle stays a handle: opening is assumed to succeed.
Value join(const Value &a, const Value &b);

/// A variable's name in a state: "v12" for a global, "l3" for a local, "p0" for a parameter, each with
/// ".field" parts; "r:record.field" for a field of a structure that is not known.
using Location = std::string;

struct State {
  std::map<Location, Value> cells;
  std::set<ResourceId> open;         ///< opened here and perhaps not closed
  std::set<ResourceId> closed;       ///< closed here, opened before
  std::set<ResourceId> perhaps_closed; ///< a handle that is not known was closed; these might be it
  ProcessRole process = ProcessRole::main;
  bool failing = false;              ///< on the way out with an error: the server will not start

  friend std::strong_ordering operator<=>(const State &, const State &) = default;
};

/// Into `into`, what holds when either holds. True if it changed.
bool join_into(State &into, const State &from);

} // namespace initorder
