// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// As src/core/utils/snexpr.h does it, as far as a configuration's conditions go: of two operands the left one's type
// decides. What is left out (assignments, bits, functions) is not known.
#include "config/expression.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace initorder::config {

namespace {

using Value = std::optional<ExpressionValue>;

constexpr unsigned kDeepest = 64; ///< parentheses and unary operators in each other

double number_of(const ExpressionValue &value) {
  const auto *number = std::get_if<double>(&value);
  return number ? *number : std::strtod(std::get<std::string>(value).c_str(), nullptr);
}

template <class T> double compare(std::string_view sign, const T &left, const T &right) {
  return sign == "==" ? left == right
         : sign == "!=" ? left != right
         : sign == "<=" ? left <= right
         : sign == ">=" ? left >= right
         : sign == "<"  ? left < right
                        : left > right;
}

/// From the operators that bind least to those that bind most.
constexpr std::array<std::array<std::string_view, 6>, 5> kLevels{
    {{"||"}, {"&&"}, {"==", "!=", "<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}}};

class Parser {
public:
  Parser(std::string_view text, const std::map<std::string, Definition> &definitions)
      : rest_(text), definitions_(definitions) {}

  Value whole() {
    Value out = binary(0);
    skip_blanks();
    return rest_.empty() && !failed_ ? out : std::nullopt;
  }

private:
  void skip_blanks() {
    while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_.front())))
      rest_.remove_prefix(1);
  }
  bool take(std::string_view sign) {
    skip_blanks();
    if (!rest_.starts_with(sign))
      return false;
    rest_.remove_prefix(sign.size());
    return true;
  }
  Value fail() {
    failed_ = true;
    return std::nullopt;
  }

  Value binary(std::size_t level) {
    if (level == kLevels.size())
      return unary();
    Value left = binary(level + 1);
    while (!failed_) {
      std::string_view found;
      for (const std::string_view sign : kLevels[level])
        if (!sign.empty() && take(sign)) {
          found = sign;
          break;
        }
      if (found.empty())
        return left;
      left = join(found, left, binary(level + 1));
    }
    return std::nullopt;
  }

  /// What is not known on one side may not matter: 0 && x is 0.
  static Value join(std::string_view sign, const Value &left, const Value &right) {
    if (sign == "&&" || sign == "||") {
      const auto side = [](const Value &value) -> std::optional<bool> {
        // The server takes a text's bytes for a number here: nobody can tell what comes of it.
        return value && std::holds_alternative<double>(*value) ? std::optional(is_true(*value)) : std::nullopt;
      };
      const bool decides = sign == "||";
      const auto one = side(left), other = side(right);
      if (one == decides || other == decides)
        return decides ? 1.0 : 0.0;
      return one && other ? Value(decides ? 0.0 : 1.0) : std::nullopt;
    }
    if (!left || !right)
      return std::nullopt;
    const auto *text = std::get_if<std::string>(&*left);
    if (text && sign == "+")
      return *text + text_of(*right);
    if (text && (sign == "==" || sign == "!=" || sign[0] == '<' || sign[0] == '>'))
      return compare(sign, *text, text_of(*right));
    const double a = number_of(*left), b = number_of(*right);
    const bool has_text = text || std::holds_alternative<std::string>(*right);
    if ((has_text && std::string_view("-*/%").find(sign) != std::string_view::npos) ||
        ((sign == "/" || sign == "%") && b == 0))
      return std::nullopt;
    return sign == "+"   ? a + b
           : sign == "-" ? a - b
           : sign == "*" ? a * b
           : sign == "/" ? a / b
           : sign == "%" ? std::fmod(a, b)
                         : compare(sign, a, b);
  }

  Value unary() {
    if (++depth_ > kDeepest)
      return fail();
    Value out;
    if (take("!")) {
      const Value operand = unary();
      out = operand ? Value(is_true(*operand) ? 0.0 : 1.0) : std::nullopt;
    } else if (take("-")) {
      const Value operand = unary();
      out = operand ? Value(-number_of(*operand)) : std::nullopt;
    } else if (take("(")) {
      out = binary(0);
      if (!take(")"))
        fail();
    } else {
      out = operand();
    }
    --depth_;
    return out;
  }

  Value operand() {
    skip_blanks();
    if (rest_.empty())
      return fail();
    const char first = rest_.front();
    if (first == '"' || first == '\'')
      return text(first);
    std::size_t length = 0;
    while (length < rest_.size() &&
           (std::isalnum(static_cast<unsigned char>(rest_[length])) || rest_[length] == '_' || rest_[length] == '.'))
      ++length;
    if (length == 0)
      return fail();
    const std::string word(rest_.substr(0, length));
    rest_.remove_prefix(length);
    if (std::isdigit(static_cast<unsigned char>(first))) {
      char *end = nullptr;
      const double number = std::strtod(word.c_str(), &end);
      return *end == '\0' ? Value(number) : fail();
    }
    skip_blanks();
    return rest_.starts_with('(') ? fail() : defined(word);
  }

  Value text(char quote) {
    const std::size_t end = rest_.find(quote, 1);
    if (end == rest_.npos)
      return fail();
    std::string out(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return out;
  }

  Value defined(const std::string &name) const {
    const auto found = definitions_.find(name);
    if (found == definitions_.end())
      return 0.0;
    if (!found->second.is_known)
      return std::nullopt;
    if (!found->second.value)
      return 1.0;
    const std::string &value = *found->second.value;
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.front() == value.back())
      return value.substr(1, value.size() - 2);
    return value;
  }

  std::string_view rest_;
  const std::map<std::string, Definition> &definitions_;
  unsigned depth_ = 0;
  bool failed_ = false;
};

} // namespace

std::optional<ExpressionValue> evaluate(const std::string &text, const std::map<std::string, Definition> &definitions) {
  return Parser(text, definitions).whole();
}

bool is_true(const ExpressionValue &value) {
  const auto *number = std::get_if<double>(&value);
  return number ? *number != 0 : !std::get<std::string>(value).empty();
}

std::string text_of(const ExpressionValue &value) {
  const auto *number = std::get_if<double>(&value);
  return !number                          ? std::get<std::string>(value)
         : std::trunc(*number) == *number ? fmt::format("{:.0f}", *number)
                                          : fmt::format("{:g}", *number);
}

} // namespace initorder::config
