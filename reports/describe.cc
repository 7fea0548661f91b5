// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace initorder {

std::string_view name_of(Severity severity) {
  constexpr std::array<std::string_view, 3> names{"note", "warning", "error"};
  return names.at(static_cast<std::size_t>(severity));
}

std::string_view name_of(ProcessRole process) {
  return process == ProcessRole::main ? "main" : "worker";
}

std::string_view name_of(ThreadRole thread) {
  constexpr std::array<std::string_view, 3> names{"main", "temporary", "other"};
  return names.at(static_cast<std::size_t>(thread));
}

std::string_view name_of(Certainty certainty) {
  return certainty == Certainty::always ? "always" : "maybe";
}

std::string_view name_of(Caveat::Kind kind) {
  constexpr std::array<std::string_view, 3> names{"parse-errors", "not-read", "cannot-tell"};
  return names.at(static_cast<std::size_t>(kind));
}

std::string_view sentence_for(Caveat::Kind kind) {
  constexpr std::array<std::string_view, 3> sentences{
      "parsed with errors: what stands in the broken parts may be missing",
      "not read: what they do is not in this report", "cannot tell: questions that the analysis could not answer"};
  return sentences.at(static_cast<std::size_t>(kind));
}

std::string describe(const SourcePlace &place) {
  std::string text = place.file;
  if (place.line != 0)
    text += fmt::format(":{}", place.line);
  if (place.line != 0 && place.column != 0)
    text += fmt::format(":{}", place.column);
  return text;
}

std::string entry_of(const Place &place) {
  if (place.module.empty())
    return place.phase;
  return place.phase + (place.module == "core" ? " of the core" : " of " + place.module);
}

std::string describe(const Place &place) {
  constexpr std::array<std::string_view, 3> threads{"on the main thread", "on a temporary thread",
                                                    "on a thread left running"};
  return fmt::format("{}, in {}, {}", entry_of(place),
                     place.process == ProcessRole::main ? "the main process" : "a worker",
                     threads.at(static_cast<std::size_t>(place.thread)));
}

std::string runner_of(const Place &place) {
  std::string text = place.process == ProcessRole::worker ? "in a worker" : "";
  if (place.thread != ThreadRole::main)
    text += (text.empty() ? "" : ", ") +
            std::string(place.thread == ThreadRole::temporary ? "on a temporary thread" : "on a thread left running");
  return text;
}

std::string count_of(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string tally_of(const std::vector<Finding> &findings) {
  std::string by_severity;
  for (Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    const auto count = std::ranges::count(findings, severity, &Finding::severity);
    if (count != 0)
      by_severity += (by_severity.empty() ? "" : ", ") + count_of(count, name_of(severity));
  }
  const auto left_out = std::ranges::count_if(findings, [](const Finding &one) { return !one.left_out.empty(); });
  if (left_out != 0)
    by_severity += fmt::format("; {} not in what is built here", left_out);
  return count_of(findings.size(), "finding") + (by_severity.empty() ? "" : fmt::format(" ({})", by_severity));
}

std::string summary_of(const Report &report) {
  const std::string found = tally_of(report.findings);
  const double seconds = static_cast<double>(report.took.count()) / 1000;
  if (!report.subject.empty())
    return fmt::format("{} in {}; {:.1f} s", found, report.subject, seconds);
  const auto broken = std::ranges::count(report.caveats, Caveat::Kind::parse_errors, &Caveat::kind);
  const std::string with_errors = broken == 0 ? "" : fmt::format(" ({} with errors)", broken);
  return fmt::format("{} in {}: {}, {} parsed{}, {} ruled out; {}, {}; {:.1f} s", found, report.host,
                     count_of(report.files, "file"), report.parsed, with_errors, report.ruled_out,
                     count_of(report.modules, "module"), count_of(report.scenarios.size(), "scenario"),
                     seconds);
}

std::string url_of(const std::vector<std::string> &sources) {
  for (const std::string &source : sources) {
    std::size_t begin = source.find("https://");
    if (begin == std::string::npos)
      begin = source.find("http://");
    if (begin == std::string::npos)
      continue;
    const std::size_t end = source.find_first_of(" \t\n,;)>\"", begin);
    return source.substr(begin, end - begin);
  }
  return {};
}

} // namespace initorder
