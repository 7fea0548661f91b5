// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/scan.h"

#include "analyzer/scan_tree.h"
#include "cli/fail_on.h"
#include "cli/only.h"
#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/write_report.h"
#include "reports/describe.h"
#include "reports/report.h"
#include "rules/engine.h"
#include "rules/nearest.h"

#include <algorithm>
#include <chrono>
#include <iostream>

namespace initorder {
namespace {

Result<Scenario> fixed_scenario(const std::vector<std::string> &settings) {
  Scenario scenario;
  for (const std::string &setting : settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error{Error::Kind::malformed, "", "--set: " + in_quotes(setting) + " is not NAME=VALUE"};
    scenario[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  return scenario;
}

Result<ScanResult> scan_with_progress(const ScanArguments &arguments, Scenario fixed, const Packs &packs) {
  ProgressLine progress(arguments.quiet);
  ScanOptions options;
  options.root = arguments.path;
  options.compile_database = arguments.compile_database;
  options.host = arguments.host;
  options.jobs = arguments.jobs;
  options.fixed = std::move(fixed);
  options.progress = [&](const ScanProgress &step) { progress.show(step); };
  return scan_tree(options, packs);
}

Report report_of(ScanResult scan, std::vector<Check> checks, const Only &only) {
  Report report;
  report.version = INITORDER_VERSION;
  report.root = scan.root.string();
  report.host = scan.host->title;
  report.host_name = scan.host->name;
  report.layout = scan.layout;
  report.findings = judge(scan.sequences, checks, *scan.host);
  keep_only(report.findings, only);
  report.checks = std::move(checks);
  report.caveats = std::move(scan.caveats);
  std::ranges::transform(scan.sequences, std::back_inserter(report.scenarios), &EventSequence::scenario);
  report.files = scan.files;
  report.parsed = scan.parsed;
  report.ruled_out = scan.ruled_out;
  report.modules = scan.modules;
  return report;
}

} // namespace

ExitStatus run_scan(const ScanArguments &arguments) {
  const auto began = std::chrono::steady_clock::now();

  // What can be wrong with the request is told before the work begins.
  const Result<Packs> packs = load_packs(arguments.packs);
  if (!packs)
    return fail(packs.error());
  Result<std::vector<Check>> checks = choose_checks(packs->checks, arguments.rules);
  if (!checks)
    return fail(checks.error());
  Result<Scenario> fixed = fixed_scenario(arguments.settings);
  if (!fixed)
    return fail(fixed.error());
  const Result<Only> only = only_in(arguments.path, arguments.only);
  if (!only)
    return fail(only.error());
  const Result<Output> output = Output::to(arguments.output);
  if (!output)
    return fail(output.error());

  // The work: the tree becomes events, and the rules judge them.
  Result<ScanResult> scan = scan_with_progress(arguments, std::move(*fixed), packs.value());
  if (!scan)
    return fail(scan.error());
  Report report = report_of(std::move(*scan), std::move(*checks), only.value());
  report.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);

  // From here the report is final.
  const Result<void> written =
      write_report(report, {arguments.format, arguments.colour, arguments.all_paths}, output.value());
  if (!written)
    return fail(written.error());
  if (!output->is_standard() && !arguments.quiet)
    std::cerr << summary_of(report) << '\n';
  return status_of(report.findings, arguments.fail_on);
}

} // namespace initorder
