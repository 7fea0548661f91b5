// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace initorder {
namespace {

constexpr std::size_t kNarrowest = 24; ///< a column of text is never narrower: better too long than torn

} // namespace

std::string printable(std::string_view text) {
  std::string result(text);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto byte = static_cast<unsigned char>(result[i]);
    if (byte == '\n' || byte == '\t' || byte == '\r')
      result[i] = ' ';
    else if (byte < 0x20 || byte == 0x7f)
      result[i] = '?';
    else if (byte == 0xc2 && i + 1 < result.size() && static_cast<unsigned char>(result[i + 1]) < 0xa0)
      result.replace(i, 2, "?"); // U+0080 to U+009F: terminals obey these too
  }
  return result;
}

std::size_t columns_of(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  std::size_t used = 0;
  for (std::size_t at = 0; (at = text.find_first_not_of(" \n\t", at)) != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(" \n\t", at), text.size());
    const std::string word = printable(text.substr(at, end - at));
    const std::size_t columns = columns_of(word);
    if (used != 0 && used + 1 + columns > width) {
      lines.emplace_back();
      used = 0;
    }
    lines.back() += (used == 0 ? "" : " ") + word;
    used += columns + (used == 0 ? 0 : 1);
    at = end;
  }
  return lines;
}

std::string Page::paint(Ink ink, std::string_view text) const {
  if (!colour_ || ink == Ink::plain || text.empty())
    return std::string(text);
  constexpr std::array<std::string_view, 6> codes{"0", "1", "1;31", "1;35", "36", "2"};
  return fmt::format("\x1b[{}m{}\x1b[0m", codes.at(static_cast<std::size_t>(ink)), text);
}

std::string Page::label_column(std::string_view label) const {
  const std::size_t taken = 2 + columns_of(label);
  return "  " + paint(Ink::cyan, label) + std::string(std::max(kTextColumn, taken + 1) - taken, ' ');
}

void Page::line(std::string_view text) {
  out_ << text << '\n';
}

void Page::row(std::string_view label, std::string_view text) {
  if (!text.empty())
    hang(label_column(label), kTextColumn, text);
}

void Page::hang(std::string_view first, std::size_t indent, std::string_view text) {
  const std::size_t room = std::max(kNarrowest, width_ > indent ? width_ - indent : 0);
  bool begun = false;
  for (const std::string &piece : wrap(text, room)) {
    out_ << (begun ? std::string(indent, ' ') : std::string(first)) << piece << '\n';
    begun = true;
  }
}

void Page::verbatim(std::string_view label, std::string_view text) {
  bool begun = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out_ << (begun ? std::string(kTextColumn, ' ') : label_column(label)) << printable(text.substr(at, end - at))
         << '\n';
    begun = true;
    at = end + 1;
  }
}

} // namespace initorder
