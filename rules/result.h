// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a function says that the world said no: Result<T> holds a value or an Error.
// The member names are those of std::expected, which C++20 does not have yet.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace initorder {

/// Why something could not be done. Prints as "rules/checks/x.yaml:3:7: unknown key 'sayz': remove it".
struct Error {
  enum class Kind {
    gone,        ///< the file or folder is not there
    denied,      ///< no permission
    malformed,   ///< the content is not what it must be
    unknown,     ///< a name (rule, host, variable) that nothing defines
    unsupported, ///< understood, and beyond what this program can do
  };
  Kind kind;         ///< what a caller can act on; the text is for people
  std::string where; ///< "file:line:column", a path, or empty
  std::string what;  ///< one line: what is wrong, and what to do

  std::string text() const { return where.empty() ? what : where + ": " + what; }
};

template <class T> class [[nodiscard]] Result {
public:
  Result(T value) : held_(std::move(value)) {}
  Result(Error error) : held_(std::move(error)) {}

  bool has_value() const { return held_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T &value() { return std::get<0>(held_); }
  const T &value() const { return std::get<0>(held_); }
  const Error &error() const { return std::get<1>(held_); }
  T &operator*() { return value(); }
  const T &operator*() const { return value(); }
  T *operator->() { return &value(); }
  const T *operator->() const { return &value(); }

private:
  std::variant<T, Error> held_;
};

template <> class [[nodiscard]] Result<void> {
public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  const Error &error() const { return *error_; }

private:
  std::optional<Error> error_;
};

} // namespace initorder
