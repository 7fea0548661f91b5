// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/trace/trace_report.h"

#include "reports/describe.h"
#include "reports/json_output.h"
#include "reports/text_finding.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

namespace initorder::trace {
namespace {

Json numbers_of(const std::vector<ProcessNumber> &processes) {
  Json out = Json::array();
  for (const ProcessNumber process : processes)
    out.push_back(static_cast<std::uint32_t>(process));
  return out;
}

Json json_of(const Process &process, ProcessNumber main) {
  Json out = {{"number", static_cast<std::uint32_t>(process.number)},
              {"pid", process.started.pid},
              {"name", process.name},
              {"role", process.number == main                  ? "main"
                       : process.role == Process::Role::worker ? "worker"
                                                               : "other"},
              {"by_host", process.started.by_host}};
  if (process.started.parent)
    out["parent"] = static_cast<std::uint32_t>(*process.started.parent);
  if (process.end && process.end->status)
    out["status"] = *process.end->status;
  if (process.end && process.end->signal)
    out["signal"] = *process.end->signal;
  return out;
}

Json json_of(const KeyRow &row) {
  Json cleared = Json::array();
  for (const KeyRow::Clearing &clearing : row.cleared)
    cleared.push_back({{"object", clearing.object},
                       {"site", initorder::describe(clearing.site)},
                       {"processes", numbers_of(clearing.processes)}});
  return {{"key", row.number},
          {"process", static_cast<std::uint32_t>(row.process)},
          {"owner", row.owner},
          {"site", initorder::describe(row.site)},
          {"function", row.site_function},
          {"phase", row.place.phase},
          {"module", row.place.module},
          {"destructor", row.destructor},
          {"holders", numbers_of(row.holders)},
          {"sharers", numbers_of(row.sharers)},
          {"cleared", std::move(cleared)},
          {"deleted", numbers_of(row.deleted)}};
}

Json json_of(const TraceReport &trace) {
  Json processes = Json::array(), keys = Json::array();
  for (const auto &[number, process] : trace.verdict.processes.all)
    processes.push_back(json_of(process, trace.verdict.processes.main));
  for (const KeyRow &row : trace.verdict.keys.rows)
    keys.push_back(json_of(row));
  Json spent = Json::array();
  for (const Record &record : trace.records)
    if (const auto *one = std::get_if<BudgetSpent>(&record.what))
      spent.push_back({{"function", one->function},
                       {"library", one->library},
                       {"calls", one->calls},
                       {"in_children", one->in_children},
                       {"process", static_cast<std::uint32_t>(record.process)},
                       {"at_ns", record.at.count()}});
  Json out = {{"file", trace.name}, {"cut_off", trace.cut_off}};
  if (const auto *began = trace.records.empty() ? nullptr : std::get_if<Began>(&trace.records.front().what)) {
    out["command"] = began->command;
    out["started"] = began->started;
  }
  out["processes"] = std::move(processes);
  out["keys"] = std::move(keys);
  out["budget_spent"] = std::move(spent);
  return out;
}

} // namespace

void write_trace_text(const TraceReport &trace, const std::vector<Check> &checks, const TextOptions &options,
                      std::ostream &out) {
  Page page(out, options.colour, options.width);
  write_trace_facts(trace, page);
  write_findings(trace.verdict.findings, checks, {options.all_paths, 1}, page);
  page.line(page.paint(Ink::bold, printable(summary_of(trace, trace.verdict.findings))));
}

Report report_of(const std::vector<TraceReport> &traces, std::vector<Finding> findings, std::vector<Check> checks,
                 const std::string &version) {
  Report out;
  out.version = version;
  out.root = std::string("/"); // GCC 12 warns of a plain literal here
  out.observed = true;
  std::set<std::string> modules;
  Json list = Json::array();
  for (const TraceReport &trace : traces) {
    if (trace.host) {
      out.host = trace.host->title;
      out.host_name = trace.host->name;
    }
    for (const Record &record : trace.records) {
      if (!record.module.empty())
        modules.insert(record.module);
      if (const auto *remarked = std::get_if<Remarked>(&record.what))
        out.caveats.push_back({Caveat::Kind::cannot_tell, {}, remarked->text});
    }
    if (std::string text = left_alone(trace.records); !text.empty())
      out.caveats.push_back({Caveat::Kind::cannot_tell, {}, std::move(text)});
    for (const std::vector<std::string> *texts : {&trace.verdict.processes.remarks, &trace.verdict.untold})
      for (const std::string &text : *texts)
        out.caveats.push_back({Caveat::Kind::cannot_tell, {}, text});
    if (!trace.records.empty())
      out.took += std::chrono::duration_cast<std::chrono::milliseconds>(trace.records.back().at);
    out.scenarios.push_back(trace.verdict.sequence.scenario);
    list.push_back(json_of(trace));
  }
  out.modules = static_cast<unsigned>(modules.size());
  out.findings = std::move(findings);
  out.checks = std::move(checks);
  out.more.emplace_back("traces", text_of(list));
  return out;
}

} // namespace initorder::trace
