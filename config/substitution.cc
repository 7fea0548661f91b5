// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// As src/core/re.c does it: subst_parser(), parse_repl(), subst_run().
#include "config/substitution.h"

#include "rules/nearest.h"

#include <algorithm>
#include <cctype>

namespace initorder::config {

namespace {

constexpr std::size_t kLongestPattern = 4096;
constexpr std::size_t kLongestText = 64 << 10; ///< a longer one is left as it is
constexpr std::size_t kMostGroups = 10;

Error bad(std::string what) {
  return {Error::Kind::malformed, "", std::move(what)};
}

/// Where the separator stands next that no backslash precedes.
std::size_t end_of_part(const std::string &text, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at)
    if (text[at] == text[0] && text[at - 1] != '\\')
      return at;
  return text.npos;
}

} // namespace

Result<Substitution> Substitution::parse(const std::string &text) {
  if (text.size() < 3 || text[0] == '\\')
    return bad("a substitution is written \"/what/by what/flags\"");
  const std::size_t middle = end_of_part(text, 1);
  const std::size_t end = middle == text.npos ? text.npos : end_of_part(text, middle + 1);
  if (end == text.npos)
    return bad("the substitution " + in_quotes(text) + " lacks a separator " + in_quotes(text.substr(0, 1)));
  Substitution out;
  out.pattern_ = text.substr(1, middle - 1);
  out.replacement_ = text.substr(middle + 1, end - middle - 1);
  int flags = REG_EXTENDED | REG_NEWLINE;
  for (const char flag : text.substr(end + 1)) {
    if (flag == 'i')
      flags |= REG_ICASE;
    else if (flag == 's')
      flags &= ~REG_NEWLINE;
    else if (flag == 'g')
      out.all_ = true;
    else
      return bad("the substitution has an unknown flag " + in_quotes(std::string(1, flag)) + ": i, s and g are known");
  }
  // Counts of counts make an automaton that fills the memory.
  if (out.pattern_.size() > kLongestPattern || std::ranges::count(out.pattern_, '{') > 2)
    return Error{Error::Kind::unsupported, "", "a regular expression that is too large: " + in_quotes(out.pattern_)};
  auto *regex = new regex_t;
  if (::regcomp(regex, out.pattern_.c_str(), flags) != 0) {
    delete regex;
    return bad("not a regular expression: " + in_quotes(out.pattern_));
  }
  out.regex_ = std::shared_ptr<regex_t>(regex, RegexEnd());
  for (std::size_t i = 0; i < out.replacement_.size(); ++i) {
    if (out.replacement_[i] == '\\')
      ++i;
    else if (out.replacement_[i] == '$')
      out.needs_server_ = true;
  }
  return out;
}

std::string Substitution::replaced(const char *text, const regmatch_t *matches) const {
  std::string out;
  for (std::size_t i = 0; i < replacement_.size(); ++i) {
    if (replacement_[i] != '\\' || i + 1 == replacement_.size()) {
      out += replacement_[i];
      continue;
    }
    const char escaped = replacement_[++i];
    if (std::isdigit(static_cast<unsigned char>(escaped))) {
      const regmatch_t &group = matches[escaped - '0'];
      if (group.rm_so >= 0)
        out.append(text + group.rm_so, text + group.rm_eo);
    } else {
      out += escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped == 't' ? '\t' : escaped;
    }
  }
  return out;
}

std::string Substitution::apply(const std::string &text) const {
  if (text.empty() || text.size() > kLongestText)
    return text;
  std::string out;
  const char *rest = text.c_str();
  for (int flags = 0; out.size() <= kLongestText; flags = REG_NOTBOL) {
    regmatch_t matches[kMostGroups];
    if (::regexec(regex_.get(), rest, kMostGroups, matches, flags) != 0 || matches[0].rm_so == matches[0].rm_eo)
      break;
    out.append(rest, rest + matches[0].rm_so);
    out += replaced(rest, matches);
    rest += matches[0].rm_eo;
    if (!all_)
      break;
  }
  return out + rest;
}

} // namespace initorder::config
