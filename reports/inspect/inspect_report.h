// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What inspect found: a page for an operator, JSON, and metrics for Prometheus.
#pragma once

#include "reports/page.h"
#include "reports/report.h"
#include "tracer/inspect/judge.h"

#include <ostream>
#include <string>
#include <vector>

namespace initorder::inspect {

/// One server and what was made of it. Refers to the family: it must live longer.
struct InspectReport {
  const Family &family;
  const HostPack *host; ///< null: none knows the program
  std::vector<KeyRow> keys;
  std::vector<StuckGroup> stuck;
  std::vector<Finding> findings;
};

/// How long processes stood still for us.
struct StopTimes {
  std::size_t processes = 0;
  std::chrono::nanoseconds worst{0}, median{0};
};
/// None: nobody was stopped.
std::optional<StopTimes> stop_times(const Family &family);

InspectReport report_of(const Family &family, const Packs &packs, const std::vector<Check> &checks);

/// `all`: load order and handlers too.
void write_inspect_text(const InspectReport &report, const std::vector<Check> &checks, const TextOptions &options,
                        bool all, std::ostream &out);

/// One line: "2 findings (2 warnings) in Kamailio SIP server: 14 processes; 31.0 ms".
std::string summary_of(const InspectReport &report);

/// "initorder-report/1" with a member "servers": for write_json() and write_sarif().
Report report_of(const std::vector<InspectReport> &servers, std::vector<Check> checks, const std::string &version);

/// Prometheus' text format, version 0.0.4.
void write_metrics(const std::vector<InspectReport> &servers, std::ostream &out);

// The parts of the page.
void write_head(const InspectReport &report, Page &page);
void write_stuck(const InspectReport &report, Page &page);
void write_keys(const InspectReport &report, Page &page);
void write_objects(const InspectReport &report, Page &page);
void write_handlers(const InspectReport &report, Page &page);
void write_order(const InspectReport &report, Page &page);
void write_remarks(const InspectReport &report, Page &page);

} // namespace initorder::inspect
