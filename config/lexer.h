// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Characters become words, texts and signs; what the preprocessor takes away is gone, what it puts in is there. It
// follows Kamailio's src/core/cfg.lex (5.6 and master), whose states are named where its ways are strange.
#pragma once

#include "config/conditions.h"
#include "config/reader.h"
#include "config/substitution.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace initorder::config {

struct Token {
  enum class Kind : std::uint8_t {
    word,     ///< of letters, digits and '_'
    text,     ///< "..." or '...'
    variable, ///< $name, $(...)
    sign,     ///< any other character
    end,
  };
  Kind kind = Kind::end;
  std::string text;
  SourcePlace at;
  Guard guard;
  bool is_known = true; ///< false: a name that is defined, or not, as nobody can tell here

  bool is(char sign) const { return kind == Kind::sign && text.size() == 1 && text[0] == sign; }
};

class Lexer {
public:
  Lexer(const HostConfig &host, const Source &source);

  /// To be called once. Errors: as Reader::open().
  Result<void> open(const std::string &path);
  /// Errors: malformed, with file:line; those of files that are included.
  Result<Token> next();

  const std::vector<std::string> &files() const { return files_; }
  const std::vector<Caveat> &caveats() const { return caveats_; }
  /// A module that has been loaded is defined from then on, as MOD_name.
  void define(const std::string &name, Definition definition) { definitions_.try_emplace(name, std::move(definition)); }

private:
  Result<bool> skip_blank(); ///< true: something was skipped
  Result<void> skip_comment();
  void skip_line();
  void skip_spaces();

  // The preprocessor: lexer_directives.cc
  Result<bool> directive(); ///< true: one was read
  Result<void> define(bool only_new, bool again, bool evaluated, bool quoted);
  Result<void> undefine(bool if_any);
  Result<void> define_from_environment(bool optional, bool quoted);
  Result<void> condition(bool when_defined);
  Result<void> expression();
  Result<void> substitute(bool defines, bool quoted);
  Result<void> include(bool optional);
  Result<std::string> name_of_definition();
  Result<void> set(const std::string &name, Definition definition, const SourcePlace &at);
  void cannot_tell(const SourcePlace &at, std::string what);

  // Tokens.
  Result<Token> text_token();
  Result<Token> variable();
  Result<std::string> quoted_part();
  std::string escaped();
  std::string word();
  std::string substituted(std::string text) const;

  const HostConfig &host_;
  const Source &source_;
  Reader reader_;
  Conditions conditions_;
  std::map<std::string, Definition> definitions_;
  std::set<std::string> own_words_; ///< are what they are, whatever is defined
  std::vector<Substitution> substitutions_;
  std::vector<std::string> files_;
  std::vector<Caveat> caveats_;
};

bool is_word(int character);

} // namespace initorder::config
