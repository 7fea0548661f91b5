// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "config/lexer.h"

#include <algorithm>
#include <cctype>

namespace initorder::config {

bool is_word(int character) {
  return character != Reader::kEnd && (std::isalnum(character) || character == '_');
}

static bool is_blank(int character) {
  return character == ' ' || character == '\t' || character == '\b' || character == '\r' || character == '\n';
}

Lexer::Lexer(const HostConfig &host, const Source &source)
    : host_(host), source_(source), reader_(source), definitions_(source.definitions) {
  for (const auto *words : {&host.load_module, &host.module_path, &host.module_parameter, &host.include, &host.import})
    own_words_.insert(words->begin(), words->end());
  for (const ConfigVariable &variable : host.variables)
    own_words_.insert(variable.parameters.begin(), variable.parameters.end());
}

Result<void> Lexer::open(const std::string &path) {
  files_.push_back(path);
  return reader_.open(path);
}

void Lexer::cannot_tell(const SourcePlace &at, std::string what) {
  caveats_.push_back({Caveat::Kind::cannot_tell, at, std::move(what)});
}

void Lexer::skip_line() {
  for (int c = reader_.get(); c != '\n' && c != Reader::kEnd;)
    c = reader_.get();
}

void Lexer::skip_spaces() {
  while (is_blank(reader_.peek()) && reader_.peek() != '\n')
    reader_.get();
}

/// Comments nest: <COMMENT>{COM_START}.
Result<void> Lexer::skip_comment() {
  const SourcePlace began = reader_.here();
  unsigned depth = 0;
  do {
    if (reader_.at("/*")) {
      ++depth;
      reader_.skip(2);
    } else if (reader_.at("*/")) {
      --depth;
      reader_.skip(2);
    } else if (reader_.get() == Reader::kEnd) {
      return reader_.mistake(began, "this comment is not closed: add \"*/\"");
    }
  } while (depth > 0);
  return {};
}

Result<bool> Lexer::skip_blank() {
  if (is_blank(reader_.peek())) {
    reader_.get();
    return true;
  }
  if (reader_.at("\\\n")) {
    reader_.skip(2);
    return true;
  }
  if (reader_.at("/*")) {
    const Result<void> skipped = skip_comment();
    return skipped ? Result<bool>(true) : skipped.error();
  }
  if (reader_.peek() == '#' || reader_.at("//")) {
    skip_line();
    return true;
  }
  return false;
}

std::string Lexer::word() {
  std::string out;
  while (is_word(reader_.peek()))
    out += static_cast<char>(reader_.get());
  return out;
}

std::string Lexer::substituted(std::string text) const {
  for (const Substitution &one : substitutions_)
    text = one.apply(text);
  return text;
}

/// Behind a backslash within "...".
std::string Lexer::escaped() {
  const auto is_octal = [&](std::size_t ahead) { return reader_.peek(ahead) >= '0' && reader_.peek(ahead) <= '7'; };
  const auto number = [&](std::size_t digits, int base) {
    std::string text;
    while (digits-- > 0)
      text += static_cast<char>(reader_.get());
    return std::string(1, static_cast<char>(std::stoi(text, nullptr, base)));
  };
  const int next = reader_.peek();
  switch (next) {
  case 'n':
  case 'r':
  case 'a':
  case 't':
  case '"':
  case '\\':
    reader_.get();
    return std::string(1, next == 'n'   ? '\n'
                          : next == 'r' ? '\r'
                          : next == 'a' ? '\a'
                          : next == 't' ? '\t'
                                        : static_cast<char>(next));
  case '\n':
    reader_.get();
    return "";
  case 'x':
    if (!std::isxdigit(std::max(0, reader_.peek(1))))
      return "\\";
    reader_.get();
    return number(std::isxdigit(std::max(0, reader_.peek(1))) ? 2 : 1, 16);
  default:
    // One digit alone is a back reference of a substitution.
    return is_octal(0) && is_octal(1) ? number(is_octal(2) ? 3 : 2, 8) : "\\";
  }
}

Result<std::string> Lexer::quoted_part() {
  const SourcePlace began = reader_.here();
  const int quote = reader_.get();
  std::string out;
  for (int c = reader_.get(); c != quote; c = reader_.get()) {
    if (c == Reader::kEnd)
      return reader_.mistake(began, std::string("this text is not closed: a ") + static_cast<char>(quote) + " is missing");
    if (c == '\\' && quote == '"')
      out += escaped();
    else
      out += static_cast<char>(c);
  }
  return out;
}

/// "a" "b" is "ab", over lines and spaces, but not over comments: <STR_BETWEEN>. '...' stands alone.
Result<Token> Lexer::text_token() {
  Token out{Token::Kind::text, "", reader_.here(), conditions_.guard()};
  const bool joins = reader_.peek() == '"';
  do {
    const Result<std::string> part = quoted_part();
    if (!part)
      return part.error();
    out.text += part.value();
    while (joins && is_blank(reader_.peek()))
      reader_.get();
  } while (joins && reader_.peek() == '"');
  out.text = substituted(std::move(out.text));
  return out;
}

/// $name, $name(...), $(...): whatever stands between the parentheses, also what would be a comment elsewhere.
Result<Token> Lexer::variable() {
  Token out{Token::Kind::variable, std::string(1, static_cast<char>(reader_.get())), reader_.here(), conditions_.guard()};
  while (is_word(reader_.peek()) || (out.text.size() == 1 && reader_.peek() == '?'))
    out.text += static_cast<char>(reader_.get());
  if (reader_.peek() != '(')
    return out;
  int depth = 0;
  do {
    const int c = reader_.get();
    if (c == Reader::kEnd)
      return reader_.mistake(out.at, "this variable is not closed: a ) is missing");
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    out.text += static_cast<char>(c);
  } while (depth > 0);
  out.text = substituted(std::move(out.text));
  return out;
}

Result<Token> Lexer::next() {
  while (reader_.is_open()) {
    // What is thrown away holds nothing but other conditions: neither texts nor comments. <IFDEF_SKIP>
    const Result<bool> was_directive = directive();
    if (!was_directive)
      return was_directive.error();
    if (was_directive.value())
      continue;
    const int c = reader_.peek();
    if (c == Reader::kEnd) {
      if (const auto unpaired = reader_.depth() == 1 ? conditions_.unpaired() : std::nullopt)
        return reader_.mistake(unpaired->at, unpaired->is_open ? "this condition has no #!endif on a line of its own"
                                                               : "#!endif without #!ifdef");
      if (reader_.depth() == 1)
        return Token{Token::Kind::end, "", reader_.here(), {}};
      reader_.close();
      continue;
    }
    if (conditions_.skips()) {
      reader_.get();
      continue;
    }
    const Result<bool> blank = skip_blank();
    if (!blank)
      return blank.error();
    if (blank.value())
      continue;
    if (c == '"' || c == '\'')
      return text_token();
    if (c == '$')
      return variable();
    const SourcePlace here = reader_.here();
    if (!is_word(c))
      return Token{Token::Kind::sign, std::string(1, static_cast<char>(reader_.get())), here, conditions_.guard()};
    std::string name = word();
    const auto defined = definitions_.find(name);
    const bool is_replaced = defined != definitions_.end() && !own_words_.contains(name);
    if (!is_replaced || !defined->second.is_known)
      return Token{Token::Kind::word, std::move(name), here, conditions_.guard(), !is_replaced};
    if (Result<void> put = reader_.put_back(name, defined->second.value.value_or("")); !put)
      return put.error();
  }
  return Token{};
}

} // namespace initorder::config
