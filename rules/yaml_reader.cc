// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/yaml_reader.h"

#include "rules/nearest.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>
#include <type_traits>

namespace initorder {

namespace {

constexpr unsigned kLastArgument = 126; ///< C11 5.2.4.1: a compiler must allow 127 in one call

/// Reads the whole text as a number. Errors: out of range, or no number at all.
template <class Number> std::errc parse_number(std::string_view text, Number &out) {
  const bool negative = text.starts_with('-');
  std::string digits(text.substr(negative ? 1 : 0));
  const int base = digits.starts_with("0x") || digits.starts_with("0X") ? 16 : 10;
  if (base == 16)
    digits.erase(0, 2);
  // from_chars would take a second sign, or one after 0x.
  if (digits.starts_with('-'))
    return std::errc::invalid_argument;
  if (negative && std::is_signed_v<Number>)
    digits.insert(0, "-");
  const char *end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, out, base);
  if (error == std::errc::invalid_argument || rest != end)
    return std::errc::invalid_argument;
  return negative && !std::is_signed_v<Number> ? std::errc::result_out_of_range : error;
}

template <class Number>
void read_number(const YamlValue &value, std::string_view text, Number &out, Number least, Number most) {
  Number parsed{};
  const std::errc error = parse_number(text, parsed);
  if (error == std::errc::invalid_argument)
    value.mistake("must be a whole number");
  else if (error != std::errc() || parsed < least || parsed > most)
    value.mistake("number out of range: must be from " + std::to_string(least) + " to " + std::to_string(most));
  else
    out = parsed;
}

/// The text of a scalar that is not quoted, else no text.
std::string plain_text(const YamlValue &value) {
  const YamlNode &node = value.node();
  return node.is_scalar() && node.plain ? node.text : std::string();
}

template <class Number> void read_number(const YamlValue &value, Number &out) {
  read_number(value, plain_text(value), out, std::numeric_limits<Number>::min(), std::numeric_limits<Number>::max());
}

} // namespace

bool Document::has_mistakes_in(const YamlNode &node) const {
  const auto is_here = [&](const YamlMark &at) { return at.line == node.mark.line && at.column == node.mark.column; };
  return std::any_of(mistaken_.begin(), mistaken_.end(), is_here) ||
         (!mistaken_.empty() &&
          std::any_of(node.items.begin(), node.items.end(), [&](const YamlNode &item) { return has_mistakes_in(item); }));
}

bool Document::is_hopeless() const {
  constexpr std::size_t kMostMistakes = 20;
  return mistakes_.size() >= kMostMistakes;
}

void Document::mistake(const YamlNode &node, std::string what) {
  if (is_hopeless() || has_mistakes_in(node))
    return;
  mistaken_.push_back(node.mark);
  mistake(where(node.mark), std::move(what));
}

void Document::mistake(std::string where, std::string what) {
  if (!is_hopeless())
    mistakes_.push_back({Error::Kind::malformed, std::move(where), std::move(what)});
}

void Document::name_once(std::string_view kind, const std::string &name, const YamlNode &at) {
  const auto [entry, is_new] = names_.try_emplace({std::string(kind), name}, at.mark.line);
  if (!is_new)
    mistake(at, "a second " + std::string(kind) + " " + in_quotes(name) + "; the first is in line " +
                    std::to_string(entry->second));
}

std::vector<YamlValue> YamlValue::elements() const {
  std::vector<YamlValue> out;
  if (!node_->is_sequence())
    mistake("must be a list");
  else
    for (const YamlNode &node : node_->items)
      out.emplace_back(*document_, node);
  return out;
}

void read(const YamlValue &value, std::string &out) {
  if (!value.node().is_scalar())
    value.mistake("must be a text");
  else
    out = value.node().text;
}

void read(const YamlValue &value, bool &out) {
  const std::string text = plain_text(value);
  if (text != "true" && text != "false")
    value.mistake("must be true or false");
  out = text == "true";
}

void read(const YamlValue &value, std::int64_t &out) {
  read_number(value, out);
}

void read(const YamlValue &value, std::uint64_t &out) {
  read_number(value, out);
}

void read(const YamlValue &value, unsigned &out) {
  read_argument(value, plain_text(value), out);
}

void read_argument(const YamlValue &value, std::string_view text, unsigned &out) {
  read_number(value, text, out, 0U, kLastArgument);
}

void no_such_word(const YamlValue &value, std::string_view what, const std::vector<std::string> &known) {
  std::string list;
  for (const std::string &word : known)
    list += (list.empty() ? "" : ", ") + word;
  const std::string found = value.node().is_scalar() ? in_quotes(value.node().text) + " is not " : "must be ";
  value.mistake(found + std::string(what) + ": one of " + list);
}

void read(const YamlValue &value, ProcessRole &out) {
  read_word(value, out, "a process", {{"main", ProcessRole::main}, {"worker", ProcessRole::worker}});
}

void read(const YamlValue &value, ThreadRole &out) {
  read_word(value, out, "a thread",
            {{"main", ThreadRole::main}, {"temporary", ThreadRole::temporary}, {"other", ThreadRole::other}});
}

} // namespace initorder
