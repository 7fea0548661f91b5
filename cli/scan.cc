// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/scan.h"

#include "analyzer/scan_tree.h"
#include "analyzer/simulate/scenarios.h"
#include "cli/fail_on.h"
#include "cli/installed.h"
#include "cli/only.h"
#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/write_report.h"
#include "reports/describe.h"
#include "reports/report.h"
#include "rules/engine.h"
#include "rules/nearest.h"

#include <chrono>
#include <iostream>
#include <optional>

namespace initorder {
namespace {

Result<Scenario> scenario_of(const std::string &option, const std::vector<std::string> &settings) {
  Scenario scenario;
  for (const std::string &setting : settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error{Error::Kind::malformed, "", option + ": " + in_quotes(setting) + " is not NAME=VALUE"};
    scenario[setting.substr(0, equals)] = setting.substr(equals + 1);
  }
  return scenario;
}

Result<ScanResult> scan_with_progress(const ScanArguments &arguments, const Deployed *deployed, Scenario fixed,
                                      const Packs &packs, const TakeSequence &take) {
  ProgressLine progress(arguments.quiet);
  ScanOptions options;
  options.root = arguments.path;
  options.compile_database = arguments.compile_database;
  options.host = arguments.host;
  options.jobs = arguments.jobs;
  options.fixed = std::move(fixed);
  if (deployed)
    options.configured = deployed->configured;
  options.progress = [&](const ScanProgress &step) { progress.show(step); };
  return scan_tree(options, packs, take);
}

/// The installed versions of the libraries whose version nobody has chosen. With a compile database nobody knows which
/// headers are meant.
Built built_here(const ScanArguments &arguments, const Packs &packs, const HostPack &host, const Scenario &fixed) {
  Scenario installed;
  if (arguments.compile_database.empty())
    installed = installed_versions(packs, {"/usr/local/include", "/usr/include"});
  std::erase_if(installed, [&](const auto &version) { return fixed.contains(version.first); });
  const Result<Scenario> listed = checked_settings(packs, host, installed);
  return listed ? Built(*listed, installed) : Built({}, {}); // older than any that is known
}

Report report_of(ScanResult scan, std::vector<Finding> findings, std::vector<Check> checks, const Only &only) {
  Report report;
  report.version = INITORDER_VERSION;
  report.root = scan.root.string();
  report.host = scan.host->title;
  report.host_name = scan.host->name;
  report.layout = scan.layout;
  report.findings = std::move(findings);
  keep_only(report.findings, only);
  report.checks = std::move(checks);
  report.caveats = std::move(scan.caveats);
  report.scenarios = std::move(scan.scenarios);
  report.files = scan.files;
  report.parsed = scan.parsed;
  report.ruled_out = scan.ruled_out;
  report.modules = scan.modules;
  return report;
}

} // namespace

ExitStatus run_scan(const ScanArguments &arguments, const Deployed *deployed) {
  const auto began = std::chrono::steady_clock::now();

  // What can be wrong with the request is told before the work begins.
  const Result<Packs> packs = load_packs(arguments.packs);
  if (!packs)
    return fail(packs.error());
  Result<std::vector<Check>> checks = choose_checks(packs->checks, arguments.rules);
  if (!checks)
    return fail(checks.error());
  Result<Scenario> fixed = scenario_of("--set", arguments.settings);
  if (!fixed)
    return fail(fixed.error());
  const Result<Only> only = only_in(arguments.path, arguments.only);
  if (!only)
    return fail(only.error());
  const Result<Output> output = Output::to(arguments.output);
  if (!output)
    return fail(output.error());

  // The work: the tree becomes events, and the rules judge them.
  std::optional<Judge> judge;
  std::optional<Built> built;
  Result<ScanResult> scan = scan_with_progress(arguments, deployed, *fixed, packs.value(),
                                               [&](const HostPack &host, const EventSequence &sequence) {
                                                 if (!judge) {
                                                   judge.emplace(*checks, host);
                                                   built.emplace(built_here(arguments, *packs, host, *fixed));
                                                 }
                                                 judge->add(sequence);
                                                 built->add(sequence);
                                               });
  if (!scan)
    return fail(scan.error());
  std::vector<Finding> findings = judge ? judge->findings() : std::vector<Finding>();
  if (deployed) {
    Scenario scenario = deployed->scenario, defaults = scan->defaults;
    std::erase_if(defaults, [&](const auto &variable) { return deployed->unknown.contains(variable.first); });
    scenario.merge(defaults); // what nobody sets is as the tree has it
    keep_deployed(findings, scenario, deployed->changes);
    scan->caveats.insert(scan->caveats.begin(), deployed->caveats.begin(), deployed->caveats.end());
    scan->scenarios = {std::move(scenario)};
  }
  Report report = report_of(std::move(*scan), std::move(findings), std::move(*checks), only.value());
  for (Finding &finding : report.findings)
    finding.left_out = built->left_out(finding);
  if (deployed) {
    report.subject = deployed->subject;
    report.findings.insert(report.findings.begin(), deployed->findings.begin(), deployed->findings.end());
  }
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
