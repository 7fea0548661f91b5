// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A trace while it is made: a line for each thing that happens, for a person who watches. Whole lines, each written at
// once, since the traced server writes to the same terminal.
#pragma once

#include "reports/page.h"
#include "rules/finding.h"
#include "tracer/trace/record.h"

#include <map>
#include <set>
#include <string>

namespace initorder::trace {

class LiveView : public Sink {
public:
  /// `colour` as for a page. `workers`: what workers do is shown too, not only the main process.
  LiveView(int fd, bool colour, bool workers) : fd_(fd), colour_(colour), workers_(workers) {}

  void take(const Record &record) override;
  /// A finding that is new.
  void show(const Finding &finding);

private:
  void line(std::chrono::nanoseconds at, unsigned depth, const std::string &text);
  void write(const std::string &text);
  bool is_shown(const Record &record) const { return workers_ || !by_host_.contains(record.process); }
  std::string paint(Ink ink, std::string_view text) const;

  void see(const Record &record, const Began &began);
  void see(const Record &record, const ProcessStarted &started);
  void see(const Record &record, const ProcessNamed &named);
  void see(const Record &record, const ProcessExecuted &executed);
  void see(const Record &record, const ProcessEnded &ended);
  void see(const Record &record, const PhaseBegan &began);
  void see(const Record &record, const EntryBegan &began);
  void see(const Record &record, const Called &called);
  void see(const Record &, const BudgetSpent &) {} // the report has a table of them
  void see(const Record &record, const Remarked &remarked);
  void see(const Record &record, const CameUp &);
  void see(const Record &, const ThreadStarted &) {}
  void see(const Record &, const ThreadEnded &) {}
  void see(const Record &, const ObjectLoaded &) {}
  void see(const Record &, const ObjectUnloaded &) {}
  void see(const Record &, const PhaseEnded &) {}
  void see(const Record &, const EntryEnded &) {}
  void see(const Record &, const Returned &) {}
  void see(const Record &, const SignalReceived &) {}
  void see(const Record &, const Finished &) {}

  int fd_;
  bool colour_;
  bool workers_;
  std::size_t processes_ = 0;
  std::set<ProcessNumber> by_host_; ///< workers
  std::map<ProcessNumber, std::int32_t> pids_;
  std::map<ProcessNumber, std::string> phases_; ///< shown last
  std::string latest_call_;                     ///< repeated calls are shown once
};

} // namespace initorder::trace
