// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/report.h"

#include "cli/fail_on.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/trace_host.h"
#include "reports/text_finding.h"
#include "reports/trace/trace_report.h"
#include "rules/engine.h"
#include "tracer/trace/read_trace.h"
#include "tracer/trace/unwatched.h"

#include <algorithm>
#include <deque>
#include <iostream>

namespace initorder {
namespace {

/// Traces, each with what was made of it. What a report refers to stays where it is.
struct Judged {
  std::deque<trace::Trace> traces;
  std::deque<trace::Verdict> verdicts;
  std::vector<trace::TraceReport> reports;
  std::vector<Finding> findings;
};

Result<Judged> judge_files(const ReportArguments &arguments, const Packs &packs, const std::vector<Check> &checks) {
  static const HostPack kNoHost;
  Judged out;
  for (const std::string &file : arguments.files) {
    Result<trace::Trace> read = trace::read_trace(file);
    if (!read)
      return read.error();
    const trace::Trace &trace = out.traces.emplace_back(std::move(*read));
    const Result<const HostPack *> host = host_for(trace.records, packs, arguments.host);
    if (!host)
      return host.error();
    if (!out.reports.empty() && out.reports.front().host != *host)
      return Error{Error::Kind::malformed, file, "is the trace of another host than " + arguments.files.front()};
    trace::Verdict &verdict =
        out.verdicts.emplace_back(trace::verdict_of(trace.records, *host ? **host : kNoHost, packs, checks));
    if (arguments.files.size() > 1) // findings then say in which they are
      verdict.sequence.scenario = {{"trace", file}};
    out.reports.push_back({file == "-" ? "standard input" : file, trace.records, *host, verdict, trace.cut_off});
  }
  if (out.verdicts.size() == 1) {
    out.findings = out.verdicts.front().findings;
    return out;
  }
  std::vector<EventSequence> sequences;
  for (const trace::Verdict &verdict : out.verdicts)
    sequences.push_back(verdict.sequence);
  const HostPack &host = out.reports.front().host ? *out.reports.front().host : kNoHost;
  std::vector<std::string> told_already;
  const bool attached = std::ranges::any_of(out.verdicts, [](const trace::Verdict &one) { return one.processes.attached; });
  const std::vector<Check> answered = attached ? trace::answerable_since_attach(checks, told_already) : checks;
  out.findings = judge(sequences, trace::Unwatched(packs, host).answerable(answered), host);
  return out;
}

void write_text(const Judged &judged, const std::vector<Check> &checks, const TextOptions &options, std::ostream &out) {
  if (judged.reports.size() == 1)
    return trace::write_trace_text(judged.reports.front(), checks, options, out);
  Page page(out, options.colour, options.width);
  for (const trace::TraceReport &report : judged.reports)
    trace::write_trace_facts(report, page);
  write_findings(judged.findings, checks, {options.all_paths, judged.reports.size()}, page);
  for (const trace::TraceReport &report : judged.reports)
    page.line(page.paint(Ink::bold, printable(report.name + ": " + summary_of(report, report.verdict.findings))));
}

} // namespace

CLI::App *add_report(CLI::App &program, ReportArguments &arguments) {
  CLI::App &report = *program.add_subcommand("report", "Shows what traces say, and judges them again");
  report.add_option("FILE", arguments.files, "Traces, as `initorder trace -o` writes them; - is standard input")
      ->type_name("")
      ->required();
  add_choice(report, "--format", arguments.format, {"text", "json", "sarif"}, "How the report is written");
  report.add_option("-o,--output", arguments.output, "Write the report here, complete or not at all")
      ->type_name("FILE");
  add_fail_on(report, arguments.fail_on);
  add_repeated(report, "--rule", arguments.rules, "ID", "Apply only this rule");
  report.add_flag("--all-paths", arguments.all_paths, "Show the path of each entry point, not only of the first");
  add_colour(report, arguments.colour);
  report.add_option("--host", arguments.host, "The host pack to use, instead of that of the trace")->type_name("NAME");
  add_pack_options(report, arguments.packs);
  return &report;
}

ExitStatus run_report(const ReportArguments &arguments) {
  // What can be wrong with the request is told before the work begins.
  const Result<Packs> packs = load_packs(arguments.packs);
  if (!packs)
    return fail(packs.error());
  const Result<std::vector<Check>> checks = choose_checks(packs->checks, arguments.rules);
  if (!checks)
    return fail(checks.error());
  const Result<Output> output = Output::to(arguments.output);
  if (!output)
    return fail(output.error());
  const Result<Judged> judged = judge_files(arguments, packs.value(), checks.value());
  if (!judged)
    return fail(judged.error());

  const Result<void> written = output->write([&](std::ostream &out) {
    if (arguments.format == "text") {
      TextOptions options;
      options.colour = use_colour(arguments.colour, output->is_standard());
      if (output->is_standard())
        options.width = terminal_width();
      options.all_paths = arguments.all_paths;
      return write_text(judged.value(), checks.value(), options, out);
    }
    const Report report = trace::report_of(judged->reports, judged->findings, checks.value(), INITORDER_VERSION);
    arguments.format == "json" ? write_json(report, out) : write_sarif(report, out);
  });
  return written ? status_of(judged->findings, arguments.fail_on) : fail(written.error());
}

} // namespace initorder
