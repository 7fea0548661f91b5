// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/table.h"

#include <fmt/format.h>

#include <algorithm>

namespace initorder {

void write_table(std::vector<std::vector<std::string>> rows, Page &page) {
  std::vector<std::size_t> widths;
  for (std::vector<std::string> &row : rows)
    for (std::size_t column = 0; column < row.size(); ++column) {
      row[column] = printable(row[column]);
      widths.resize(std::max(widths.size(), column + 1));
      widths[column] = std::max(widths[column], columns_of(row[column]));
    }
  for (const std::vector<std::string> &row : rows) {
    if (row.empty())
      continue;
    std::string text = fmt::format("  {:>{}}", row[0], widths[0]);
    for (std::size_t column = 1; column < row.size(); ++column)
      text += fmt::format("  {:<{}}", row[column], column + 1 < row.size() ? widths[column] : 0);
    text.erase(text.find_last_not_of(' ') + 1);
    page.line(&row == &rows.front() ? page.paint(Ink::dim, text) : text);
  }
}

} // namespace initorder
