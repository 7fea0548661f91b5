// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// #!define, #!ifdef, include_file and the like.
#include "config/expression.h"
#include "config/lexer.h"

#include "rules/nearest.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace initorder::config {

namespace {

constexpr std::size_t kMostSubstitutions = 256;

std::string in_double_quotes(const std::string &text) {
  return '"' + text + '"';
}

bool is_space(int character) {
  return character == ' ' || character == '\t' || character == '\b' || character == '\r';
}

bool is_one_of(const std::string &word, const std::vector<std::string> &words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

} // namespace

Result<std::string> Lexer::name_of_definition() {
  skip_spaces();
  const SourcePlace here = reader_.here();
  std::string name = word();
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0])))
    return reader_.mistake(here, "a name is expected here: letters, digits and '_'");
  if (reader_.peek() == '-')
    return reader_.mistake(here, "the name " + in_quotes(name + "-") + " has a '-', which is not allowed");
  return name;
}

Result<void> Lexer::set(const std::string &name, Definition definition, const SourcePlace &at) {
  // Below a condition that nobody can decide both ways are read.
  if (conditions_.guard().certainty == Certainty::maybe) {
    const auto [known, is_new] = definitions_.try_emplace(name, std::move(definition));
    known->second.is_known = false;
    return {};
  }
  if (const auto [known, is_new] = definitions_.try_emplace(name, definition); !is_new) {
    if (known->second.is_known)
      return reader_.mistake(at, in_quotes(name) + " is defined already: the server refuses a second definition, use "
                                                   "#!redefine or #!trydefine");
    known->second = std::move(definition);
  }
  return {};
}

Result<void> Lexer::define(bool only_new, bool again, bool evaluated, bool quoted) {
  const SourcePlace at = reader_.here();
  const Result<std::string> name = name_of_definition();
  if (!name)
    return name.error();
  skip_spaces();
  Definition definition;
  std::string value;
  for (int c = reader_.get(); c != '\n'; c = reader_.get()) {
    if (c == Reader::kEnd) { // the server forgets the value of a last line that does not end
      value.clear();
      break;
    }
    if (c == '\\' && reader_.peek() == '\n')
      reader_.get();
    else
      value += static_cast<char>(c);
  }
  if (!value.empty() && value.back() == '\r')
    value.pop_back();
  if (!value.empty())
    definition.value = value;
  if (evaluated && definition.value) {
    const auto result = evaluate(value, definitions_);
    definition.is_known = result.has_value();
    if (result)
      definition.value = quoted ? in_double_quotes(text_of(*result)) : text_of(*result);
    else
      cannot_tell(at, "cannot tell what #!defexp " + name.value() + " is: " + in_quotes(value));
  }
  const bool is_known_name = definitions_.contains(name.value());
  if (only_new && is_known_name)
    return {};
  if (again && is_known_name)
    definitions_.erase(name.value());
  return set(name.value(), std::move(definition), at);
}

Result<void> Lexer::undefine(bool if_any) {
  const SourcePlace at = reader_.here();
  const Result<std::string> name = name_of_definition();
  if (!name)
    return name.error();
  if (conditions_.guard().certainty == Certainty::maybe) {
    definitions_[name.value()].is_known = false;
    return {};
  }
  if (definitions_.erase(name.value()) == 0 && !if_any)
    return reader_.mistake(at, in_quotes(name.value()) + " is not defined: the server refuses to undefine it");
  return {};
}

/// NAME, or OTHER=NAME: our environment need not be the server's.
Result<void> Lexer::define_from_environment(bool optional, bool quoted) {
  skip_spaces();
  const SourcePlace at = reader_.here();
  std::string text;
  while (!is_space(reader_.peek()) && reader_.peek() != '\n' && reader_.peek() != Reader::kEnd)
    text += static_cast<char>(reader_.get());
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const std::string variable = equals == text.npos ? text : text.substr(equals + 1);
  if (name.empty() || variable.empty())
    return reader_.mistake(at, "the name of a variable of the environment is expected here");
  const std::optional<std::string> value = source_.environment ? source_.environment(variable) : std::nullopt;
  if (value)
    return set(name, {quoted ? in_double_quotes(*value) : *value, true}, at);
  cannot_tell(at, (optional ? "cannot tell whether " : "cannot tell what ") + variable + (optional ? " is set" : " is") +
                      " in the server's environment: set it for this command too");
  return set(name, {std::nullopt, false}, at);
}

Result<void> Lexer::condition(bool when_defined) {
  const SourcePlace at = reader_.here();
  // The server passes over what is no name, and so it must be in text that is thrown away.
  while (reader_.peek() != Reader::kEnd && !std::isalpha(reader_.peek()) && reader_.peek() != '_')
    reader_.get();
  const Result<std::string> name = name_of_definition();
  if (!name)
    return name.error();
  const auto found = definitions_.find(name.value());
  std::optional<bool> holds;
  if (found == definitions_.end() || found->second.is_known)
    holds = (found != definitions_.end()) == when_defined;
  conditions_.open(holds, (when_defined ? "#!ifdef " : "#!ifndef ") + name.value(), at);
  skip_line();
  return {};
}

Result<void> Lexer::expression() {
  skip_spaces();
  const SourcePlace at = reader_.here();
  std::string text;
  for (int c = reader_.get(); c != '\n' && c != Reader::kEnd; c = reader_.get())
    text += static_cast<char>(c);
  const auto value = evaluate(text, definitions_);
  if (!value && !conditions_.skips())
    cannot_tell(at, "cannot tell whether this holds: " + one_line(text) + "; both ways are looked at");
  conditions_.open(value ? std::optional(is_true(*value)) : std::nullopt, "#!ifexp " + one_line(text, 60), at);
  return {};
}

Result<void> Lexer::substitute(bool defines, bool quoted) {
  skip_spaces();
  const SourcePlace at = reader_.here();
  if (reader_.peek() != '"' && reader_.peek() != '\'')
    return reader_.mistake("a text is expected here: #!subst \"/what/by what/flags\"");
  const Result<Token> text = text_token();
  if (!text)
    return text.error();
  Result<Substitution> parsed = Substitution::parse(text->text);
  if (!parsed)
    return reader_.mistake(at, parsed.error().what);
  if (parsed->needs_server())
    cannot_tell(at, "cannot tell what only the running server can put in: " + in_quotes(parsed->replacement()));
  const std::string value = parsed->replacement();
  Definition definition{quoted ? in_double_quotes(value) : value, !parsed->needs_server()};
  const std::string name = parsed->pattern();
  if (substitutions_.size() >= kMostSubstitutions)
    return reader_.mistake(at, "more than 256 substitutions");
  if (!parsed->needs_server())
    substitutions_.push_back(std::move(*parsed));
  return defines ? set(name, std::move(definition), at) : Result<void>();
}

Result<void> Lexer::include(bool optional) {
  skip_spaces();
  const SourcePlace at = reader_.here();
  std::string written;
  while (!is_space(reader_.peek()) && reader_.peek() != '\n' && reader_.peek() != Reader::kEnd)
    written += static_cast<char>(reader_.get());
  written = substituted(std::move(written));
  if (written.size() < 3 || written.front() != '"' || written.back() != '"')
    return reader_.mistake(at, "the name of a file in double quotes is expected here, without spaces");
  std::string name;
  for (std::size_t i = 1; i + 1 < written.size(); ++i)
    name += written[i] == '\\' && i + 2 < written.size() ? written[++i] : written[i];
  if (reader_.depth() > kMostNested)
    return reader_.mistake(at, "more than 10 files include each other: the server gives up here");
  namespace fs = std::filesystem;
  const std::string beside = (fs::path(reader_.path()).parent_path() / name).lexically_normal().string();
  Result<void> opened = reader_.open(beside);
  if (!opened && opened.error().kind == Error::Kind::gone && beside != name)
    if (const Result<void> here = reader_.open(name); here || here.error().kind != Error::Kind::gone)
      opened = here;
  if (opened) {
    files_.push_back(reader_.path());
    return {};
  }
  if (opened.error().kind == Error::Kind::gone && optional)
    return {};
  return reader_.mistake(at, "cannot read " + in_quotes(name) + ": " + opened.error().what);
}

/// What stands here may be an instruction; then it is carried out.
Result<bool> Lexer::directive() {
  const auto done = [](const Result<void> &result) { return result ? Result<bool>(true) : result.error(); };
  const bool marked = reader_.at("#!") || reader_.at("!!");
  std::size_t length = marked ? 2 : 0;
  while (is_word(reader_.peek(length)))
    ++length;
  std::string word;
  for (std::size_t i = marked ? 2 : 0; i < length; ++i)
    word += static_cast<char>(reader_.peek(i));
  if (word.empty())
    return false;

  const bool skips = conditions_.skips();
  if (!skips && (is_one_of(word, host_.include) || is_one_of(word, host_.import))) {
    reader_.skip(length);
    return done(include(is_one_of(word, host_.import)));
  }
  if (!marked) {
    if (skips) // one word is thrown away at once
      reader_.skip(length);
    return skips;
  }

  // Two of them must end their line: "#!endif # why" is a comment.
  std::size_t behind = length;
  while (is_space(reader_.peek(behind)))
    ++behind;
  if (reader_.peek(behind) == '\n' && (word == "else" || word == "endif")) {
    const SourcePlace at = reader_.here();
    reader_.skip(behind + 1);
    if (word == "else")
      conditions_.turn(); // one too many is only warned of
    else
      conditions_.close(at);
    return true;
  }
  if (behind == length && !word.starts_with("subst") && word.find("defenv") == word.npos)
    return false;
  const auto is = [&](const char *one, const char *other) { return word == one || word == other; };
  const auto taken = [&] { reader_.skip(length); };
  if (word == "ifdef" || word == "ifndef" || word == "ifexp") {
    if (conditions_.depth() >= Conditions::kMost)
      return reader_.mistake("more than 512 conditions are open: the server gives up here");
    taken();
    return done(word == "ifexp" ? expression() : condition(word == "ifdef"));
  }
  if (skips)
    return false;
  if (is("define", "def"))
    return taken(), done(define(false, false, false, false));
  if (is("trydefine", "trydef"))
    return taken(), done(define(true, false, false, false));
  if (is("redefine", "redef"))
    return taken(), done(define(false, true, false, false));
  if (is("defexp", "defexps"))
    return taken(), done(define(false, false, true, word == "defexps"));
  if (is("undefine", "undef"))
    return taken(), done(undefine(false));
  if (is("tryundefine", "tryundef"))
    return taken(), done(undefine(true));
  if (is("defenv", "defenvs"))
    return taken(), done(define_from_environment(false, word == "defenvs"));
  if (is("trydefenv", "trydefenvs"))
    return taken(), done(define_from_environment(true, word == "trydefenvs"));
  if (is("subst", "substdef") || word == "substdefs")
    return taken(), done(substitute(word != "subst", word == "substdefs"));
  return false;
}

} // namespace initorder::config
