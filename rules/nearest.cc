// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/nearest.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace initorder {

namespace {

constexpr std::size_t kLongestCompared = 64; ///< bytes: a hostile name must not make the table large
constexpr std::size_t kLongestQuoted = 60;   ///< bytes
constexpr std::size_t kMostOffered = 3;

/// How many letters must be put in, taken out or changed to turn one name into the other (Levenshtein).
std::size_t edit_distance(std::string_view from, std::string_view to) {
  from = from.substr(0, kLongestCompared);
  to = to.substr(0, kLongestCompared);
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t changed = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

} // namespace

std::string one_line(std::string_view text, std::size_t longest_bytes) {
  std::string out;
  for (const char c : text.substr(0, longest_bytes)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      out += c;
      continue;
    }
    char escaped[5];
    std::snprintf(escaped, sizeof escaped, "\\x%02x", byte);
    out += escaped;
  }
  return text.size() > longest_bytes ? out + "..." : out;
}

std::string in_quotes(std::string_view name) {
  return "'" + one_line(name, kLongestQuoted) + "'";
}

std::string nearest(std::string_view name, std::vector<std::string> known) {
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  std::stable_sort(known.begin(), known.end(), [&](const std::string &a, const std::string &b) {
    return edit_distance(name, a) < edit_distance(name, b);
  });
  if (known.size() > kMostOffered)
    known.resize(kMostOffered);
  std::string out;
  for (const std::string &one : known)
    out += (out.empty() ? "; nearest known: " : ", ") + in_quotes(one);
  return out;
}

} // namespace initorder
