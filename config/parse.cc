// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Statements outside of blocks. Each is found by its first word; what is none of ours is passed over, blocks whole.
#include "config/parse.h"

#include "config/lexer.h"
#include "rules/nearest.h"

#include <algorithm>
#include <utility>

namespace initorder::config {

namespace {

bool is_one_of(const std::string &word, const std::vector<std::string> &words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The numbers that the server has words for.
std::string value_of(const std::string &word) {
  for (const char *yes : {"yes", "true", "on", "enable"})
    if (word == yes)
      return "1";
  for (const char *no : {"no", "false", "off", "disable"})
    if (word == no)
      return "0";
  return word;
}

std::vector<std::string> split(const std::string &text, char separator) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

class Parser {
public:
  Parser(const HostConfig &host, const Source &source) : host_(host), lexer_(host, source) {}

  Result<Config> whole(const std::string &path) {
    if (Result<void> opened = lexer_.open(path); !opened)
      return opened.error();
    Result<void> going = advance();
    while (going && token_.kind != Token::Kind::end)
      going = statement();
    if (!going)
      return going.error();
    if (!braces_.empty() && braces_are_certain_)
      return mistake(braces_.back(), "this block is not closed: a } is missing");
    out_.files = lexer_.files();
    out_.caveats.insert(out_.caveats.end(), lexer_.caveats().begin(), lexer_.caveats().end());
    return std::move(out_);
  }

private:
  static Error mistake(const SourcePlace &at, std::string what) {
    return {Error::Kind::malformed, at.file + ":" + std::to_string(at.line), std::move(what)};
  }

  Result<void> advance() {
    Result<Token> next = lexer_.next();
    if (!next)
      return next.error();
    token_ = std::move(*next);
    return {};
  }

  Result<void> statement() {
    const bool is_part = std::exchange(behind_dot_, token_.is('.')); // tcp.name = ...: none of the core's
    if (token_.is('{') || token_.is('}'))
      return brace();
    if (braces_.empty() && token_.kind == Token::Kind::word && !is_part) {
      const Token first = token_;
      if (Result<void> going = advance(); !going)
        return going;
      if (is_one_of(first.text, host_.load_module))
        return load_module(first);
      if (is_one_of(first.text, host_.module_path))
        return module_path(first);
      if (is_one_of(first.text, host_.module_parameter))
        return module_parameter(first);
      return token_.is('=') ? setting(first) : Result<void>();
    }
    return advance();
  }

  /// Where both ways of a condition are read a block may seem to begin twice, and to end once.
  Result<void> brace() {
    braces_are_certain_ = braces_are_certain_ && token_.guard.certainty == Certainty::always;
    if (token_.is('{'))
      braces_.push_back(token_.at);
    else if (!braces_.empty())
      braces_.pop_back();
    else if (braces_are_certain_)
      return mistake(token_.at, "a } that closes nothing");
    return advance();
  }

  /// Takes the text that must follow; empty where nobody can tell what it is.
  Result<std::string> text(const Token &of) {
    if (token_.kind == Token::Kind::word && !token_.is_known) {
      out_.caveats.push_back({Caveat::Kind::cannot_tell, token_.at, "cannot tell what " + token_.text + " stands for"});
      const Result<void> going = advance();
      return going ? Result<std::string>("") : going.error();
    }
    if (token_.kind != Token::Kind::text)
      return mistake(of.at, "a text in quotes is expected behind " + in_quotes(of.text));
    std::string out = token_.text;
    if (Result<void> going = advance(); !going)
      return going.error();
    return out;
  }
  Result<bool> take(char sign) {
    if (!token_.is(sign))
      return false;
    const Result<void> going = advance();
    return going ? Result<bool>(true) : going.error();
  }
  Result<void> expect(char sign, const Token &of) {
    const Result<bool> taken = take(sign);
    if (!taken)
      return taken.error();
    if (!taken.value())
      return mistake(of.at, std::string("a ") + sign + " is expected in " + in_quotes(of.text));
    return {};
  }

  Result<void> load_module(const Token &first) {
    const Result<bool> parenthesis = take('(');
    if (!parenthesis)
      return parenthesis.error();
    // Before the next token is looked for, which may be behind an #!ifdef of this module.
    if (token_.kind == Token::Kind::text)
      lexer_.define("MOD_" + module_name(token_.text), {std::nullopt, first.guard.certainty == Certainty::always});
    const Result<std::string> written = text(first);
    if (!written)
      return written.error();
    if (parenthesis.value()) {
      const Result<bool> comma = take(',');
      if (!comma)
        return comma.error();
      if (comma.value())
        if (const Result<std::string> options = text(first); !options)
          return options.error();
      if (Result<void> closed = expect(')', first); !closed)
        return closed;
    }
    if (written->find('$') != written->npos) {
      out_.caveats.push_back({Caveat::Kind::cannot_tell, first.at,
                              "cannot tell which module this is, only the running server can: " + *written});
      return {};
    }
    const std::string name = module_name(*written);
    if (name.empty())
      return {};
    out_.modules.push_back({name, *written, folders_, first.at, first.guard});
    return {};
  }

  Result<void> module_path(const Token &first) {
    if (const Result<bool> equals = take('='); !equals)
      return equals.error();
    const Result<std::string> folders = text(first);
    if (!folders)
      return folders.error();
    folders_ = split(*folders, ':');
    return {};
  }

  /// (modules, name, value)
  Result<void> module_parameter(const Token &first) {
    ModuleParameter out{"", "", "", first.at, first.guard, out_.modules.size()};
    if (Result<void> opened = expect('(', first); !opened)
      return opened;
    for (std::string *part : {&out.modules, &out.name}) {
      Result<std::string> one = text(first);
      if (!one)
        return one.error();
      *part = std::move(*one);
      // OpenSIPS has parameters without a value.
      if (part == &out.name && token_.is(')')) {
        out_.parameters.push_back(std::move(out));
        return advance();
      }
      if (Result<void> comma = expect(',', first); !comma)
        return comma;
    }
    while (!token_.is(')')) {
      if (token_.kind == Token::Kind::end)
        return mistake(first.at, "a ) is expected in " + in_quotes(first.text));
      out.value += token_.text;
      if (Result<void> going = advance(); !going)
        return going;
    }
    out_.parameters.push_back(std::move(out));
    return advance();
  }

  Result<void> setting(const Token &name) {
    if (Result<void> going = advance(); !going)
      return going;
    Setting out{name.text, "", true, name.at, name.guard};
    if (const Result<bool> minus = take('-'); !minus)
      return minus.error();
    else if (minus.value())
      out.value = "-";
    out.is_known = token_.kind != Token::Kind::variable && token_.is_known;
    if (token_.kind == Token::Kind::end || token_.kind == Token::Kind::sign)
      return {}; // a block (socket = {...}), an address (listen = [::1]): none that means something to us
    out.value += token_.kind == Token::Kind::text ? token_.text : value_of(token_.text);
    out_.settings.push_back(std::move(out));
    return advance();
  }

  const HostConfig &host_;
  Lexer lexer_;
  Token token_;
  std::vector<SourcePlace> braces_; ///< that are open
  bool braces_are_certain_ = true;
  bool behind_dot_ = false;
  std::vector<std::string> folders_;
  Config out_;
};

} // namespace

std::string module_name(const std::string &written) {
  std::string name = written.substr(written.rfind('/') + 1);
  if (name.size() > 3 && name.ends_with(".so"))
    name.resize(name.size() - 3);
  return name;
}

Result<Config> parse(const std::string &path, const HostConfig &host, const Source &source) {
  return Parser(host, source).whole(path);
}

} // namespace initorder::config
