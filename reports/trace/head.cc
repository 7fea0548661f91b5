// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/describe.h"
#include "reports/trace/trace_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace initorder::trace {
namespace {

std::string how_it_ended(const TraceReport &trace) {
  if (trace.cut_off)
    return "the trace is cut off in the middle of its last line";
  const auto *finished = trace.records.empty() ? nullptr : std::get_if<Finished>(&trace.records.back().what);
  if (!finished)
    return trace.name.empty() ? "" : "the trace was cut off: it does not say how it ended";
  switch (finished->why) {
  case Finished::Why::all_ended:
    return "all processes ended";
  case Finished::Why::detached:
    return "tracing ended, the server went on";
  case Finished::Why::interrupted:
    return "tracing was interrupted, the server went on";
  }
  return "";
}

std::string when_it_was_up(const TraceReport &trace) {
  for (const Record &record : trace.records)
    if (std::holds_alternative<CameUp>(record.what))
      return "up after " + describe(record.at);
  return "";
}

} // namespace

std::string describe(std::chrono::nanoseconds time) {
  const double milliseconds = static_cast<double>(time.count()) / 1e6;
  return milliseconds < 1000 ? fmt::format("{:.1f} ms", milliseconds) : fmt::format("{:.2f} s", milliseconds / 1000);
}

void write_head(const TraceReport &trace, Page &page) {
  const auto *began = trace.records.empty() ? nullptr : std::get_if<Began>(&trace.records.front().what);
  if (!began)
    return;
  page.line(page.paint(Ink::bold, printable(fmt::format("trace of {}", fmt::join(began->command, " ")))));
  page.row("file", trace.name);
  page.row("host", trace.host ? trace.host->title
                              : "none that a pack knows: without phases and modules most rules cannot be judged");
  page.row("when", fmt::format("{}{}{}{}{}", began->started, began->system.empty() ? "" : ", ", began->system,
                               began->machine.empty() ? "" : ", ", began->machine));
  std::string course = when_it_was_up(trace);
  if (const std::string end = how_it_ended(trace); !end.empty())
    course += (course.empty() ? "" : "; ") + end + " after " + describe(trace.records.back().at);
  page.row("course", course);
  page.line();
}

void write_remarks(const TraceReport &trace, Page &page) {
  std::vector<std::string> remarks = trace.verdict.processes.remarks;
  remarks.insert(remarks.end(), trace.verdict.untold.begin(), trace.verdict.untold.end());
  std::set<std::string_view> told;
  for (const Record &record : trace.records)
    if (const auto *remarked = std::get_if<Remarked>(&record.what); remarked && told.insert(remarked->text).second)
      remarks.push_back(remarked->text);
  if (remarks.empty())
    return;
  constexpr std::size_t most = 12;
  page.line(page.paint(Ink::bold, "remarks"));
  for (std::size_t i = 0; i < std::min(most, remarks.size()); ++i)
    page.hang("  ", 4, remarks[i]);
  if (remarks.size() > most)
    page.line(fmt::format("  ... and {} more (they are in the trace)", remarks.size() - most));
  page.line();
}

std::string summary_of(const TraceReport &trace, const std::vector<Finding> &findings) {
  const auto calls = std::ranges::count_if(
      trace.records, [](const Record &record) { return std::holds_alternative<Called>(record.what); });
  return fmt::format("{}{} in {}: {}, {}; {}", tally_of(findings), trace.verdict.processes.attached ? " since the attach" : "",
                     trace.host ? trace.host->title : "an unknown host",
                     trace.verdict.processes.all.size() == 1
                         ? "1 process"
                         : fmt::format("{} processes", trace.verdict.processes.all.size()),
                     count_of(static_cast<std::size_t>(calls), "call"),
                     describe(trace.records.empty() ? std::chrono::nanoseconds(0) : trace.records.back().at));
}

void write_trace_facts(const TraceReport &trace, Page &page) {
  write_head(trace, page);
  write_phases(trace, page);
  write_processes(trace, page);
  write_keys(trace, page);
  write_left_alone(trace, page);
  write_remarks(trace, page);
}

} // namespace initorder::trace
