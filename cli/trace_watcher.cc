// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/trace_watcher.h"

#include "cli/terminal.h"
#include "cli/trace_host.h"
#include "reports/describe.h"

#include <exception>
#include <sstream>

#include <unistd.h>

namespace initorder {
namespace {

constexpr std::size_t kMostRecords = 2'000'000; ///< as many as read_trace() reads

/// At once, so that the server's own lines stand before or after it.
void write_to(int fd, const std::string &text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = ::write(fd, text.data() + at, text.size() - at);
    if (written < 0 && errno != EINTR)
      return;
    at += written > 0 ? static_cast<std::size_t>(written) : 0;
  }
}

/// What was found before the trace began.
void add_before(const inspect::InspectReport &before, Report &whole) {
  const Report found = inspect::report_of({before}, {}, whole.version);
  whole.findings.insert(whole.findings.begin(), found.findings.begin(), found.findings.end());
  whole.caveats.insert(whole.caveats.begin(), found.caveats.begin(), found.caveats.end());
  whole.more.insert(whole.more.end(), found.more.begin(), found.more.end());
}

} // namespace

TraceWatcher::TraceWatcher(const TraceArguments &arguments, const Packs &packs, bool on_terminal)
    : arguments_(arguments), packs_(packs), colour_(use_colour(arguments.colour, on_terminal, STDERR_FILENO)) {
  if (on_terminal || arguments.verbose)
    live_ = std::make_unique<trace::LiveView>(STDERR_FILENO, colour_, arguments.verbose);
}

void TraceWatcher::take(const trace::Record &record) {
  if (broken_)
    return;
  try {
    keep(record);
  } catch (const std::exception &error) {
    broken_ = true;
    complain(std::string("the trace ends here, the server goes on: ") + error.what());
  }
}

void TraceWatcher::keep(const trace::Record &record) {
  // The file is made when the command runs, so that a command that cannot be run leaves an old one alone.
  if (records_.empty() && !arguments_.output.empty()) {
    auto file = trace::TraceFile::create(arguments_.output, [](const Error &error) { complain(error.text()); });
    if (file)
      file_ = std::move(*file);
    else
      complain(file.error().text());
  }
  if (file_)
    file_->take(record);
  if (live_)
    live_->take(record);
  if (records_.size() >= kMostRecords)
    return;
  records_.push_back(record);
  if (const auto *called = std::get_if<trace::Called>(&record.what))
    is_news_ |= !called->effects.empty();
  if (live_ && is_news_ && std::holds_alternative<trace::PhaseEnded>(record.what))
    look_for_findings();
  if (std::holds_alternative<trace::CameUp>(record.what) && arguments_.format == "text")
    write_verdict(verdict(), "text");
}

const HostPack *TraceWatcher::host() const {
  const Result<const HostPack *> host = host_for(records_, packs_, arguments_.host);
  return host ? *host : nullptr;
}

trace::Verdict TraceWatcher::verdict() const {
  static const HostPack kNoHost;
  const HostPack *known = host();
  return trace::verdict_of(records_, known ? *known : kNoHost, packs_, packs_.checks);
}

void TraceWatcher::look_for_findings() {
  is_news_ = false;
  for (const Finding &finding : verdict().findings)
    if (shown_.emplace(finding.rule, describe(finding.site)).second)
      live_->show(finding);
}

void TraceWatcher::write_verdict(const trace::Verdict &verdict, const std::string &format) const {
  const trace::TraceReport report{"", records_, host(), verdict};
  std::ostringstream out;
  if (format == "text") {
    TextOptions options;
    options.colour = report_fd_ == STDERR_FILENO ? colour_ : use_colour(arguments_.colour, true, report_fd_);
    options.width = terminal_width(report_fd_);
    write_trace_text(report, packs_.checks, options, out);
  } else {
    Report whole = trace::report_of({report}, verdict.findings, packs_.checks, INITORDER_VERSION);
    if (before_)
      add_before(*before_, whole);
    format == "json" ? write_json(whole, out) : write_sarif(whole, out);
  }
  write_to(report_fd_, out.str());
}

std::vector<Finding> TraceWatcher::conclude() {
  if (records_.empty())
    return {};
  const trace::Verdict last = verdict();
  write_verdict(last, arguments_.format);
  std::vector<Finding> findings = last.findings;
  if (before_)
    findings.insert(findings.end(), before_->findings.begin(), before_->findings.end());
  return findings;
}

} // namespace initorder
