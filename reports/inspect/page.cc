// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/describe.h"
#include "reports/inspect/inspect_report.h"
#include "reports/text_finding.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace initorder::inspect {
namespace {

std::string describe(std::chrono::nanoseconds time) {
  return fmt::format("{:.1f} ms", static_cast<double>(time.count()) / 1e6);
}

std::string count(std::size_t processes) {
  return processes == 1 ? "1 process" : fmt::format("{} processes", processes);
}

} // namespace

std::optional<StopTimes> stop_times(const Family &family) {
  std::vector<std::chrono::nanoseconds> times;
  for (const Process &process : family.processes)
    if (process.stopped.count() > 0)
      times.push_back(process.stopped);
  if (times.empty())
    return std::nullopt;
  std::ranges::sort(times);
  return StopTimes{times.size(), times.back(), times[times.size() / 2]};
}

InspectReport report_of(const Family &family, const Packs &packs, const std::vector<Check> &checks) {
  const auto host = std::ranges::find(packs.hosts, family.host, &HostPack::name);
  return {family,
          host == packs.hosts.end() ? nullptr : &*host,
          key_rows(family),
          stuck_groups(family),
          judge_family(family, packs, checks)};
}

std::string summary_of(const InspectReport &report) {
  return fmt::format("{} in {}: {}; {}", tally_of(report.findings),
                     report.host ? report.host->title : report.family.program, count(report.family.processes.size()),
                     describe(report.family.took));
}

void write_head(const InspectReport &report, Page &page) {
  const Family &family = report.family;
  const Process &main = family.processes.front();
  page.line(page.paint(Ink::bold, printable(fmt::format("{} {}", family.program, main.pid))));
  page.row("host", report.host ? report.host->title : "none that a pack knows");
  std::vector<std::int32_t> pids;
  std::size_t threads = main.threads.size();
  for (std::size_t i = 1; i < family.processes.size(); ++i) {
    pids.push_back(family.processes[i].pid);
    threads += family.processes[i].threads.size();
  }
  page.row("family", fmt::format("{} {}{}{}; {}", main.is_main ? "main process" : "process", main.pid,
                                 pids.empty() ? "" : main.is_main ? ", workers " : ", ", fmt::join(pids, " "),
                                 count_of(threads, "thread")));
  if (const auto times = stop_times(family))
    page.row("stopped", fmt::format("{}, each once: worst {}, median {}", count(times->processes), describe(times->worst),
                                    describe(times->median)));
  for (const Process &process : family.processes)
    if (!process.core.empty())
      page.row(process.pid == main.pid ? "cores" : "", process.core);
  page.line();
}

void write_stuck(const InspectReport &report, Page &page) {
  if (report.stuck.empty())
    return;
  page.line(page.paint(Ink::bold, "who is stuck"));
  for (const StuckGroup &group : report.stuck) {
    std::vector<std::int32_t> pids;
    for (const Process *process : group.processes)
      pids.push_back(process->pid);
    page.hang("  ", 4, fmt::format("{} in {}{}: {}", group.what, group.where,
                                   group.because.empty() ? "" : ", " + group.because, fmt::join(pids, " ")));
  }
  page.line();
}

void write_remarks(const InspectReport &report, Page &page) {
  // Workers have what their parent has: a text is told once, with how many it is true of.
  std::map<std::string, std::vector<std::int32_t>> texts;
  for (const Process &process : report.family.processes)
    for (const std::string &text : process.cannot_tell)
      texts[text].push_back(process.pid);
  if (texts.empty() && report.family.remarks.empty())
    return;
  page.line(page.paint(Ink::bold, "cannot tell"));
  for (const auto &[text, pids] : texts)
    page.hang("  ", 4, pids.size() == report.family.processes.size() ? text
                                                                     : fmt::format("{} ({})", text, fmt::join(pids, " ")));
  for (const std::string &text : report.family.remarks)
    page.hang("  ", 4, text);
  page.line();
}

void write_inspect_text(const InspectReport &report, const std::vector<Check> &checks, const TextOptions &options,
                        bool all, std::ostream &out) {
  Page page(out, options.colour, options.width);
  write_head(report, page);
  write_stuck(report, page);
  write_keys(report, page);
  if (all) {
    write_objects(report, page);
    write_handlers(report, page);
    write_order(report, page);
  }
  write_remarks(report, page);
  write_findings(report.findings, checks, {options.all_paths, 1}, page);
  page.line(page.paint(Ink::bold, printable(summary_of(report))));
}

} // namespace initorder::inspect
