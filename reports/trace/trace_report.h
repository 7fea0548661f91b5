// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The verdict of a trace: for people, and as the report that the other formats are made of.
#pragma once

#include "reports/page.h"
#include "reports/report.h"
#include "tracer/trace/verdict.h"

#include <ostream>
#include <string>
#include <vector>

namespace initorder::trace {

/// One trace and what was made of it. Refers to both: they must live longer.
struct TraceReport {
  std::string name; ///< the file; empty: the trace is being made
  const std::vector<Record> &records;
  const HostPack *host; ///< null: none is known, and there is nothing to judge by
  const Verdict &verdict;
  bool cut_off = false; ///< its last line is not complete
};

/// What ran and what it did: command, phases, processes, keys; no findings.
void write_trace_facts(const TraceReport &trace, Page &page);

/// The facts, then the findings, then a summary line.
void write_trace_text(const TraceReport &trace, const std::vector<Check> &checks, const TextOptions &options,
                      std::ostream &out);

/// One line: "3 findings (1 error, 2 warnings) in Kamailio SIP server: 14 processes, 158 calls; 3.2 s".
std::string summary_of(const TraceReport &trace, const std::vector<Finding> &findings);

/// For write_json() and write_sarif(): the findings, and (JSON only) what the page says of processes and keys.
Report report_of(const std::vector<TraceReport> &traces, std::vector<Finding> findings, std::vector<Check> checks,
                 const std::string &version);

// The parts of the page.
void write_head(const TraceReport &trace, Page &page);
void write_phases(const TraceReport &trace, Page &page);
void write_processes(const TraceReport &trace, Page &page);
void write_keys(const TraceReport &trace, Page &page);
void write_left_alone(const TraceReport &trace, Page &page);
void write_remarks(const TraceReport &trace, Page &page);

/// "cannot tell how often 2 functions were called ...: ERR_clear_error, SSL_read"; empty: none was left alone.
std::string left_alone(const std::vector<Record> &records);

/// "12.3 ms", "4.56 s".
std::string describe(std::chrono::nanoseconds time);

} // namespace initorder::trace
