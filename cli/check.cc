// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/check.h"

#include "cli/check_request.h"
#include "cli/fail_on.h"
#include "cli/output.h"
#include "cli/write_report.h"
#include "deployment/deployment.h"
#include "deployment/hints.h"
#include "deployment/library_version.h"
#include "deployment/verdict.h"
#include "reports/describe.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>

namespace initorder {

namespace fs = std::filesystem;

namespace {

Report report_of(const deployment::Deployment &deployment, const Packs &packs, std::vector<Check> checks) {
  Report report;
  report.version = INITORDER_VERSION;
  std::error_code ignored;
  report.root = fs::current_path(ignored).string();
  report.host = deployment.host->title;
  report.host_name = deployment.host->name;
  report.layout = deployment.program;
  report.findings = deployment::verdict_of(deployment, packs, checks, &report.caveats);
  deployment::add_hints(deployment, packs, checks, report.findings);
  report.checks = std::move(checks);
  report.caveats.insert(report.caveats.begin(), deployment.caveats.begin(), deployment.caveats.end());
  report.scenarios = {deployment.scenario()};
  report.files = static_cast<unsigned>(deployment.config.files.size());
  report.modules = static_cast<unsigned>(deployment.modules.size());
  std::string libraries;
  for (const LibraryPack &library : packs.libraries)
    if (const std::string version = deployment::version_of(library, deployment); !version.empty())
      libraries += ", " + library.name + " " + version;
  report.subject = fmt::format("{}: {} {}{}, {}, {}", deployment.config.files.front(), deployment.host->title,
                               deployment.version.empty() ? "of unknown version" : deployment.version, libraries,
                               count_of(deployment.modules.size(), "module"),
                               count_of(deployment.image.objects().size(), "ELF file"));
  return report;
}

} // namespace

ExitStatus run_check(const CheckArguments &arguments) {
  const auto began = std::chrono::steady_clock::now();

  // What can be wrong with the request is told before the work begins.
  const Result<Packs> packs = load_packs(arguments.packs);
  if (!packs)
    return fail(packs.error());
  Result<std::vector<Check>> checks = choose_checks(packs->checks, arguments.rules);
  if (!checks)
    return fail(checks.error());
  const Result<Output> output = Output::to(arguments.output);
  if (!output)
    return fail(output.error());

  // The work: the configuration and the files become events, and the rules judge them.
  const Result<deployment::Deployment> deployment = deployment_of(arguments, packs.value());
  if (!deployment)
    return fail(deployment.error());
  Report report = report_of(deployment.value(), packs.value(), std::move(*checks));
  report.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);

  // From here the report is final.
  const Result<void> written = write_report(report, {arguments.format, arguments.colour, false}, output.value());
  return written ? status_of(report.findings, arguments.fail_on) : fail(written.error());
}

} // namespace initorder
