// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What becomes of a trace while it is made: a file, a live view, a verdict.
#pragma once

#include "cli/trace.h"
#include "reports/inspect/inspect_report.h"
#include "reports/trace/live_view.h"
#include "reports/trace/trace_report.h"
#include "tracer/trace/trace_file.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace initorder {

class TraceWatcher : public trace::Sink {
public:
  /// Refers to both. `on_terminal`: standard error is one.
  TraceWatcher(const TraceArguments &arguments, const Packs &packs, bool on_terminal);
  /// The verdict goes there, and what was found before the trace began goes along with it. Refers to that.
  void report_to(int fd, const inspect::InspectReport &before) { report_fd_ = fd, before_ = &before; }

  /// Throws nothing: whatever goes wrong here, the server goes on.
  void take(const trace::Record &record) override;

  /// When the trace has ended: writes the verdict. What it returns has the findings from before the trace with it.
  std::vector<Finding> conclude();

private:
  void keep(const trace::Record &record);
  void look_for_findings();
  void write_verdict(const trace::Verdict &verdict, const std::string &format) const;
  trace::Verdict verdict() const;
  const HostPack *host() const;

  const TraceArguments &arguments_;
  const Packs &packs_;
  bool colour_;
  int report_fd_ = 2; ///< standard error: the other one is the traced command's
  const inspect::InspectReport *before_ = nullptr;
  std::unique_ptr<trace::TraceFile> file_;
  std::unique_ptr<trace::LiveView> live_;
  std::vector<trace::Record> records_;
  std::set<std::pair<std::string, std::string>> shown_; ///< findings, by rule and site
  bool is_news_ = false;                                ///< since it was judged last
  bool broken_ = false;                                 ///< records are no longer kept
};

} // namespace initorder
