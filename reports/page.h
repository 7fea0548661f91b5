// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Text for a terminal: wrapped, indented, coloured. Nothing here knows what a finding is.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace initorder {

enum class Ink { plain, bold, red, magenta, cyan, dim };

/// Replaces control characters, which a file name or a text from a source tree may hold, by '?': a report must not
/// be able to drive the terminal. Newlines become spaces.
std::string printable(std::string_view text);

/// Columns that the text takes, one for each code point.
std::size_t columns_of(std::string_view text);

/// Breaks at spaces so that each line has at most `width` columns, except for words that are longer.
/// Never empty.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// Writes to a stream of a given width, in colour or without.
class Page {
public:
  Page(std::ostream &out, bool colour, std::size_t width) : out_(out), colour_(colour), width_(width) {}

  /// The text as it is, in colour if there is any.
  std::string paint(Ink ink, std::string_view text) const;

  /// Writes one line as it is.
  void line(std::string_view text = {});

  /// A label in a column of its own, and a wrapped text that hangs beside it. Nothing for an empty text.
  void row(std::string_view label, std::string_view text);

  /// A wrapped text with the same indent on each line, but for the first, whose indent `first` has.
  void hang(std::string_view first, std::size_t indent, std::string_view text);

  /// Lines as they are, indented beside an optional label: code.
  void verbatim(std::string_view label, std::string_view text);

  static constexpr std::size_t kTextColumn = 10; ///< where a row's text begins

  /// A row's label, filled up to the column of the text.
  std::string label_column(std::string_view label) const;

private:
  std::ostream &out_;
  bool colour_;
  std::size_t width_;
};

} // namespace initorder
