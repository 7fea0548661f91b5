// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the walk knows of a value, and of everything at one point of a path.
#pragma once

#include "analyzer/link/program.h"
#include "analyzer/simulate/flat.h"

#include <compare>
#include <cstdint>
#include <string>

namespace initorder {

/// Something that is opened and closed: numbered by the call that opens it.
using ResourceId = std::uint64_t;

/// The number of a call of the program.
inline ResourceId call_id(FunctionIndex function, std::uint32_t call) { return (ResourceId{function} << 32) | call; }

/// Stands for "whatever of this library is open": bit 63 tells it from the number of a call.
ResourceId any_of_library(const std::string &library);

enum class Truth : std::uint8_t { no, yes, unknown };

/// What is known of a value. Small, and cheap to copy and to compare: its parts are kept once for all.
class Value {
public:
  enum class Kind : std::uint8_t {
    unknown,
    not_zero,  ///< unknown, but not 0 and not NULL
    none_of,   ///< unknown, but none of the numbers in excluded()
    negative,  ///< unknown, but below 0: by the host's habit an error
    integer,   ///< NULL is 0
    functions, ///< a pointer to one of these
    resource,  ///< the handle of something opened
    fields,    ///< a structure, or a pointer to one, of which some fields are known
  };
  using Functions = FlatSet<Callable>;
  using Resources = FlatSet<ResourceId>;
  using Fields = FlatMap<Symbol, Value>;
  using Numbers = FlatSet<std::int64_t>;

  Kind kind = Kind::unknown;
  std::int64_t integer = 0; ///< of a resource: 1 if it may be NULL instead

  static Value of(std::int64_t integer) { return Value(Kind::integer, integer); }
  static Value not_null() { return Value(Kind::not_zero); }
  static Value below_zero() { return Value(Kind::negative); }
  static Value of(const Callable &callable) { return of(Functions{callable}); }
  static Value of(Functions functions);
  static Value of(Resources resources);
  static Value of(Fields fields);
  static Value none_of(Numbers numbers);
  static Value handle(ResourceId id) { return of(Resources{id}); }
  /// A handle that only some of the ways have that lead here: NULL on the others.
  Value perhaps() const;
  bool is_perhaps() const { return kind == Kind::resource && integer != 0; }

  Value() = default;
  const Functions &functions() const; ///< empty when the kind is another
  const Resources &resources() const;
  const Fields &fields() const;
  const Numbers &excluded() const;
  bool is_not(std::int64_t number) const; ///< whether it is known to be another number
  bool is_negative() const { return kind == Kind::negative || (kind == Kind::integer && integer < 0); }
  Truth truth() const;

  friend auto operator<=>(const Value &, const Value &) = default;
  friend bool operator==(const Value &, const Value &) = default;

private:
  struct Parts;
  explicit Value(Kind of_kind, std::int64_t number = 0, const Parts *parts = nullptr)
      : kind(of_kind), integer(number), parts_(parts) {}
  static const Parts &none();
  static const Parts *keep(Parts parts);

  const Parts *parts_ = nullptr; ///< equal parts are the same parts
};

/// What holds when either holds. NULL or a handle stays a handle: opening is assumed to succeed.
Value join(const Value &a, const Value &b);

/// Where a state keeps a value.
struct Location {
  enum class Kind : std::uint8_t {
    variable,  ///< by index
    local,     ///< by index
    parameter, ///< by index
    call,      ///< what the call with this index returned
    returned,  ///< what the function returns
    record,    ///< a field of every structure `record` that is not known
  };
  Kind kind = Kind::variable;
  std::uint32_t index = 0;
  Symbol record;
  Symbol path; ///< "field.field" below it; empty: the whole

  /// The field, or fields, `name` below this.
  Location below(Symbol name) const;
  bool is_own() const { return kind != Kind::variable && kind != Kind::record; } ///< of one call of a function
  bool same_root(const Location &other) const { return kind == other.kind && index == other.index; }

  friend auto operator<=>(const Location &, const Location &) = default;
};

inline Location variable_location(VariableIndex variable) { return {Location::Kind::variable, variable, {}, {}}; }
inline Location parameter_location(std::uint32_t index) { return {Location::Kind::parameter, index, {}, {}}; }
inline Location result_location(std::uint32_t call) { return {Location::Kind::call, call, {}, {}}; }

struct State {
  FlatMap<Location, Value> cells;
  FlatSet<ResourceId> open;         ///< opened here and perhaps not closed
  FlatSet<ResourceId> closed;       ///< closed here, opened before
  FlatSet<ResourceId> perhaps_closed; ///< a handle that is not known was closed; these might be it
  ProcessRole process = ProcessRole::main;
  bool parent_ends = false;          ///< where it forks, the child goes on as the main process
  ResourceId fork = 0;               ///< the call that made this process; 0: the one in which the function was called
  bool failing = false;              ///< on the way out with an error: the server will not start
  bool told = false;                 ///< on a way that is no part of a start: a worker was told to stop, or has nothing to
                                     ///< work with

  friend auto operator<=>(const State &, const State &) = default;
};

/// Into `into`, what holds when either holds. True if it changed.
bool join_into(State &into, const State &from);

} // namespace initorder
