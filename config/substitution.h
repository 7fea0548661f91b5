// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// #!subst "/regular expression/replacement/flags"
#pragma once

#include "rules/result.h"

#include <memory>
#include <string>

#include <regex.h>

namespace initorder::config {

class Substitution {
public:
  /// Errors: malformed (a separator is missing, an unknown flag, a bad regular expression), without a place.
  static Result<Substitution> parse(const std::string &text);

  /// The text with what matches replaced: the first, or with the flag g all. Bounded: see the source.
  std::string apply(const std::string &text) const;

  const std::string &pattern() const { return pattern_; }
  const std::string &replacement() const { return replacement_; } ///< as it is written
  bool needs_server() const { return needs_server_; }             ///< it has a pseudo-variable, which only the server knows

private:
  struct RegexEnd {
    void operator()(regex_t *regex) const noexcept {
      ::regfree(regex);
      delete regex;
    }
  };
  std::string replaced(const char *text, const regmatch_t *matches) const;

  std::string pattern_, replacement_;
  std::shared_ptr<regex_t> regex_;
  bool all_ = false;
  bool needs_server_ = false;
};

} // namespace initorder::config
