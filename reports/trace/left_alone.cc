// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions whose calls are recorded up to a number: what is not known of them.
#include "reports/describe.h"
#include "reports/table.h"
#include "reports/trace/trace_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace initorder::trace {
namespace {

/// One function, in all processes in which it was left alone.
struct Row {
  const BudgetSpent *spent = nullptr; ///< the first
  std::set<ProcessNumber> processes;
  std::chrono::nanoseconds first{0}, last{0};
};

/// In order of time.
std::vector<Row> rows_of(const std::vector<Record> &records) {
  std::vector<Row> out;
  for (const Record &record : records) {
    const auto *spent = std::get_if<BudgetSpent>(&record.what);
    if (!spent)
      continue;
    auto row = std::ranges::find_if(out, [&](const Row &one) {
      return one.spent->function == spent->function && one.spent->library == spent->library && one.spent->calls == spent->calls;
    });
    if (row == out.end())
      row = out.insert(out.end(), {.spent = spent, .processes = {}, .first = record.at});
    row->processes.insert(record.process);
    row->last = record.at;
  }
  return out;
}

std::string processes_of(const Row &row) {
  const auto count = row.processes.size() == 1 ? fmt::format("process {}", static_cast<std::uint32_t>(*row.processes.begin()))
                                               : fmt::format("{} processes", row.processes.size());
  return row.spent->in_children ? count + ", and their children" : count;
}

} // namespace

std::string left_alone(const std::vector<Record> &records) {
  std::set<std::string_view> names;
  for (const Row &row : rows_of(records))
    names.insert(row.spent->function);
  if (names.empty())
    return "";
  return fmt::format("cannot tell how often {} called after the calls that are recorded: {}",
                     names.size() == 1 ? "1 function was" : fmt::format("{} functions were", names.size()), fmt::join(names, ", "));
}

void write_left_alone(const TraceReport &trace, Page &page) {
  const std::vector<Row> rows = rows_of(trace.records);
  if (rows.empty())
    return;
  std::vector<std::vector<std::string>> lines{{"calls", "function", "of", "in", "from"}};
  for (const Row &row : rows)
    lines.push_back({std::to_string(row.spent->calls), row.spent->function, row.spent->library, processes_of(row),
                     row.first == row.last ? describe(row.first) : describe(row.first) + " to " + describe(row.last)});
  page.line(page.paint(Ink::bold, "left alone after their first calls: how often they were called since is not known"));
  write_table(std::move(lines), page);
  page.line();
}

} // namespace initorder::trace
