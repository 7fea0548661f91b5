// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/trace/live_view.h"

#include "reports/describe.h"
#include "reports/trace/trace_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <csignal>
#include <sstream>

#include <unistd.h>

namespace initorder::trace {

void LiveView::take(const Record &record) {
  std::visit([&](const auto &what) { see(record, what); }, record.what);
}

void LiveView::write(const std::string &text) {
  // What cannot be shown is not shown: the trace goes on.
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = ::write(fd_, text.data() + at, text.size() - at);
    if (written < 0 && errno != EINTR)
      return;
    at += written > 0 ? static_cast<std::size_t>(written) : 0;
  }
}

std::string LiveView::paint(Ink ink, std::string_view text) const {
  std::ostringstream unused;
  return Page(unused, colour_, 0).paint(ink, printable(text));
}

void LiveView::line(std::chrono::nanoseconds at, unsigned depth, const std::string &text) {
  write(fmt::format("{}{:{}}{}\n", paint(Ink::dim, fmt::format("{:>9} ", describe(at))), "", 2 * depth, text));
}

void LiveView::show(const Finding &finding) {
  const Ink ink = finding.severity == Severity::error     ? Ink::red
                  : finding.severity == Severity::warning ? Ink::magenta
                                                          : Ink::cyan;
  write(paint(ink, fmt::format("{:>9}", name_of(finding.severity))) + " " + initorder::describe(finding.site) + ": " +
        paint(Ink::bold, finding.message) + " " + paint(Ink::dim, "[" + finding.rule + "]") + '\n');
}

void LiveView::see(const Record &record, const Began &began) {
  line(record.at, 0, "tracing " + paint(Ink::bold, fmt::format("{}", fmt::join(began.command, " "))));
}

void LiveView::see(const Record &record, const ProcessStarted &started) {
  ++processes_;
  pids_[record.process] = started.pid;
  if (started.by_host)
    by_host_.insert(record.process);
  else if (started.how == ProcessStarted::How::attached)
    line(record.at, 0, fmt::format("process {} (pid {}) attached", static_cast<std::uint32_t>(record.process), started.pid));
  else if (started.parent)
    line(record.at, 0,
         fmt::format("process {} (pid {}) forked by {}", static_cast<std::uint32_t>(record.process), started.pid,
                     static_cast<std::uint32_t>(*started.parent)));
}

void LiveView::see(const Record &record, const ProcessNamed &named) {
  line(record.at, 0,
       fmt::format("process {} (pid {}): {}", static_cast<std::uint32_t>(record.process), pids_[record.process],
                   printable(named.name)));
}

void LiveView::see(const Record &record, const ProcessExecuted &executed) {
  line(record.at, 0,
       fmt::format("process {} executes {}", static_cast<std::uint32_t>(record.process), printable(executed.program)));
}

void LiveView::see(const Record &record, const ProcessEnded &ended) {
  --processes_;
  if (ended.signal)
    line(record.at, 0,
         paint(Ink::red,
               fmt::format("process {} (pid {}) was killed by SIG{}", static_cast<std::uint32_t>(record.process),
                           pids_[record.process], sigabbrev_np(*ended.signal) ? sigabbrev_np(*ended.signal) : "?")));
}

void LiveView::see(const Record &record, const PhaseBegan &began) {
  std::string &shown = phases_[record.process];
  if (shown == began.phase || !is_shown(record))
    return;
  shown = began.phase;
  line(record.at, 0, "phase " + paint(Ink::bold, began.phase));
}

void LiveView::see(const Record &record, const EntryBegan &began) {
  if (is_shown(record))
    line(record.at, 1,
         fmt::format("{}: {}({})", printable(began.module), printable(began.entry), fmt::join(began.arguments, ", ")));
}

void LiveView::see(const Record &record, const Called &called) {
  if (called.effects.empty() || !is_shown(record))
    return;
  std::string text = fmt::format("{}()  {}", printable(called.function),
                                 paint(Ink::cyan, fmt::format("{}", fmt::join(called.effects, ", "))));
  if (text == latest_call_)
    return;
  latest_call_ = text;
  line(record.at, 2, text);
}

void LiveView::see(const Record &record, const Remarked &remarked) {
  line(record.at, 0, paint(Ink::dim, remarked.text));
}

void LiveView::see(const Record &record, const CameUp &) {
  line(record.at, 0, paint(Ink::bold, fmt::format("up, with {} process{}", processes_, processes_ == 1 ? "" : "es")));
}

} // namespace initorder::trace
