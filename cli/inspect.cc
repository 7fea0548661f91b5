// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/inspect.h"

#include "cli/fail_on.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "reports/inspect/inspect_report.h"
#include "rules/nearest.h"
#include "tracer/inspect/family.h"

#include <algorithm>
#include <charconv>
#include <deque>

namespace initorder {
namespace {

/// A word of digits alone is a process.
bool is_pid(const std::string &text, pid_t &pid) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pid);
  return error == std::errc() && end == text.data() + text.size() && pid > 0;
}

Result<std::vector<std::vector<pid_t>>> families_for(const InspectArguments &arguments, const std::vector<pid_t> &pids) {
  std::vector<inspect::ProcessEntry> processes = inspect::list_processes();
  std::vector<pid_t> wanted = pids;
  if (!arguments.name.empty()) {
    const std::vector<pid_t> found = inspect::named(processes, arguments.name);
    if (found.empty())
      return Error{Error::Kind::gone, "", "no process is called " + in_quotes(arguments.name)};
    wanted.insert(wanted.end(), found.begin(), found.end());
  }
  return inspect::families_of(processes, wanted);
}

Result<std::deque<inspect::Family>> read_all(const InspectArguments &arguments, const Packs &packs) {
  std::deque<inspect::Family> out;
  std::vector<pid_t> pids;
  std::vector<std::string> cores;
  for (const std::string &target : arguments.targets) {
    pid_t pid = 0;
    is_pid(target, pid) ? pids.push_back(pid) : cores.push_back(target);
  }
  if (!pids.empty() || !arguments.name.empty()) {
    const auto families = families_for(arguments, pids);
    if (!families)
      return families.error();
    for (const std::vector<pid_t> &family : *families) {
      auto read = inspect::read_family(family, packs,
                                       arguments.stop ? inspect::Manner::stopped : inspect::Manner::running);
      if (!read)
        return read.error();
      out.push_back(std::move(*read));
    }
  }
  if (cores.empty())
    return out;
  auto read = inspect::read_cores(cores, packs);
  if (!read)
    return read.error();
  std::ranges::move(*read, std::back_inserter(out));
  return out;
}

} // namespace

CLI::App *add_inspect(CLI::App &program, InspectArguments &arguments) {
  CLI::App &inspect = *program.add_subcommand("inspect", "Shows what a running server, or a crashed one, holds");
  inspect.add_option("PID|CORE", arguments.targets, "Processes, each with the whole server it belongs to; or core files")
      ->type_name("");
  inspect.add_option("--name", arguments.name, "All processes of this name")->type_name("NAME");
  inspect.add_flag("--all", arguments.all, "Show load order, shared mappings and handlers too");
  inspect.add_flag("--stop", arguments.stop, "Stop each process for the moment in which it is read: whole stacks");
  add_choice(inspect, "--format", arguments.format, {"text", "json", "sarif", "prometheus"}, "How the report is written");
  inspect.add_option("-o,--output", arguments.output, "Write the report here, complete or not at all")->type_name("FILE");
  add_fail_on(inspect, arguments.fail_on);
  add_repeated(inspect, "--rule", arguments.rules, "ID", "Apply only this rule");
  add_colour(inspect, arguments.colour);
  add_pack_options(inspect, arguments.packs);
  return &inspect;
}

ExitStatus run_inspect(const InspectArguments &arguments) {
  if (arguments.targets.empty() && arguments.name.empty()) {
    complain("nothing to inspect: name a process, --name or a core file (--help tells more)");
    return ExitStatus::bad_input;
  }
  if (arguments.stop && arguments.name.empty() && std::ranges::none_of(arguments.targets, [](const std::string &target) {
        pid_t pid = 0;
        return is_pid(target, pid);
      })) {
    complain("--stop is for processes: a core stands still");
    return ExitStatus::bad_input;
  }
  // What can be wrong with the request is told before anything is read.
  const Result<Packs> packs = load_packs(arguments.packs);
  if (!packs)
    return fail(packs.error());
  const Result<std::vector<Check>> checks = choose_checks(packs->checks, arguments.rules);
  if (!checks)
    return fail(checks.error());
  const Result<Output> output = Output::to(arguments.output);
  if (!output)
    return fail(output.error());
  const Result<std::deque<inspect::Family>> families = read_all(arguments, packs.value());
  if (!families)
    return fail(families.error());

  // From here no process is looked at any more.
  std::vector<inspect::InspectReport> reports;
  std::vector<Finding> findings;
  for (const inspect::Family &family : families.value()) {
    reports.push_back(inspect::report_of(family, packs.value(), checks.value()));
    findings.insert(findings.end(), reports.back().findings.begin(), reports.back().findings.end());
  }
  const Result<void> written = output->write([&](std::ostream &out) {
    if (arguments.format == "prometheus")
      return inspect::write_metrics(reports, out);
    if (arguments.format == "text") {
      TextOptions options;
      options.colour = use_colour(arguments.colour, output->is_standard());
      if (output->is_standard())
        options.width = terminal_width();
      for (const inspect::InspectReport &report : reports)
        inspect::write_inspect_text(report, checks.value(), options, arguments.all, out);
      return;
    }
    const Report report = inspect::report_of(reports, checks.value(), INITORDER_VERSION);
    arguments.format == "json" ? write_json(report, out) : write_sarif(report, out);
  });
  return written ? status_of(findings, arguments.fail_on) : fail(written.error());
}

} // namespace initorder
