// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/describe.h"
#include "reports/table.h"
#include "reports/trace/trace_report.h"

#include <fmt/format.h>

namespace initorder::trace {
namespace {

std::string count(std::size_t processes) {
  return processes == 1 ? "1 process" : fmt::format("{} processes", processes);
}

std::string holders_of(const KeyRow &row) {
  if (!row.deleted.empty() && row.holders.empty())
    return "deleted";
  if (row.holders.empty())
    return "nobody";
  if (row.sharers.empty())
    return count(row.holders.size());
  return fmt::format("{}, {} share one", count(row.holders.size()), row.sharers.size());
}

std::string cleared_by(const KeyRow &row) {
  std::string text;
  for (const KeyRow::Clearing &clearing : row.cleared)
    text += fmt::format("{}{} in {}", text.empty() ? "" : "; ",
                        clearing.site.file.empty() ? "?" : describe(clearing.site), count(clearing.processes.size()));
  return text;
}

std::string owner_of(const KeyRow &row) {
  if (row.owner.empty())
    return "?";
  return row.site_function.empty() ? describe(row.site) : row.owner + " " + row.site_function;
}

} // namespace

void write_keys(const TraceReport &trace, Page &page) {
  const KeyTable &table = trace.verdict.keys;
  if (table.rows.empty())
    return;
  std::vector<std::vector<std::string>> lines{{"key", "created by", "in", "destructor", "held by", "cleared by"}};
  // Workers that each create the same key are one row.
  std::vector<std::pair<std::vector<std::string>, std::size_t>> rows;
  for (const KeyRow &row : table.rows) {
    std::vector<std::string> line{std::to_string(row.number),
                                  owner_of(row),
                                  entry_of(row.place),
                                  row.destructor,
                                  holders_of(row),
                                  cleared_by(row)};
    if (rows.empty() || rows.back().first != line)
      rows.emplace_back(std::move(line), 0);
    ++rows.back().second;
  }
  for (auto &[line, times] : rows) {
    if (times > 1)
      line[2] += fmt::format(" ×{}", times);
    if (times > 1 && line[4].find("process") != std::string::npos)
      line[4] += " each";
    lines.push_back(std::move(line));
  }
  page.line(page.paint(Ink::bold, "thread-specific keys, in order of creation"));
  write_table(std::move(lines), page);
  if (table.left_out != 0)
    page.line(fmt::format("  ... and {} more", table.left_out));
  page.line();
}

} // namespace initorder::trace
