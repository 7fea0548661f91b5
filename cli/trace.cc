// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/trace.h"

#include "cli/fail_on.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/trace_host.h"
#include "cli/trace_watcher.h"
#include "rules/nearest.h"
#include "tracer/process/trace_command.h"

#include <algorithm>

#include <unistd.h>

namespace initorder {
namespace {

/// As a shell says it: strace does the same.
int status_of(const TraceEnd &end) {
  if (end.signal)
    return 128 + *end.signal;
  return end.exit_status.value_or(0); // let go: the server goes on
}

} // namespace

Result<void> check_until(const TraceArguments &arguments, const Packs &packs) {
  if (arguments.until.empty() || arguments.until == "up")
    return {};
  std::vector<std::string> known{"up"};
  for (const HostPack &host : packs.hosts)
    if (arguments.host.empty() || host.name == arguments.host)
      for (const Phase &phase : host.phases)
        known.push_back(phase.id);
  if (std::ranges::find(known, arguments.until) != known.end())
    return {};
  return Error{Error::Kind::unknown, "",
               "--until: no phase is called " + in_quotes(arguments.until) + nearest(arguments.until, known)};
}

void add_trace_options(CLI::App &command, TraceArguments &arguments) {
  command.add_option("-o,--output", arguments.output, "Keep the trace in this file (JSON Lines)")->type_name("FILE");
  command.add_option("--until", arguments.until, "Let go when this phase has ended, or when the server is up")
      ->type_name("PHASE|up");
  command.add_option("--for", arguments.for_seconds, "Let go after so many seconds")
      ->type_name("SECONDS")
      ->check(CLI::Range(1u, 1'000'000'000u).description(""));
  command.add_option("--host", arguments.host, "The host pack to use, instead of the one that knows the program")
      ->type_name("NAME");
  add_choice(command, "--format", arguments.format, {"text", "json", "sarif"}, "How the verdict is written at the end");
  command.add_flag("-v,--verbose", arguments.verbose, "Tell what happens while it happens; on a terminal: workers too");
  add_colour(command, arguments.colour);
  add_pack_options(command, arguments.packs);
}

CLI::App *add_trace(CLI::App &program, TraceArguments &arguments) {
  CLI::App &trace = *program.add_subcommand("trace", "Runs a server and records its real init order");
  trace.add_option("COMMAND", arguments.command, "What to run; its own options need the --")->type_name("");
  add_trace_options(trace, arguments);
  trace
      .add_option("--fail-on", arguments.fail_on,
                  "Exit with 1 if there is a finding as severe as this; without it the status is the command's")
      ->type_name("note|warning|error|never")
      ->check(CLI::IsMember({"note", "warning", "error", "never"}).description(""));
  trace.footer("The verdict goes to standard error; standard output is the command's own.");
  return &trace;
}

int run_trace(const TraceArguments &arguments) {
  const auto refuse = [](const Error &error) { return static_cast<int>(fail(error)); };
  if (arguments.command.empty()) {
    complain("no command to trace: initorder trace [OPTIONS] -- COMMAND... (--help tells more)");
    return static_cast<int>(ExitStatus::bad_input);
  }

  // What can be wrong with the request is told before anything runs.
  const Result<Packs> packs = load_packs(arguments.packs);
  if (!packs)
    return refuse(packs.error());
  if (const auto host = host_for({}, packs.value(), arguments.host); !host)
    return refuse(host.error());
  if (const Result<void> until = check_until(arguments, packs.value()); !until)
    return refuse(until.error());
  if (!arguments.output.empty())
    if (const Result<Output> output = Output::to(arguments.output); !output)
      return refuse(output.error());

  TraceWatcher watcher(arguments, packs.value(), ::isatty(STDERR_FILENO) == 1);
  TraceOptions options;
  options.command = arguments.command;
  options.packs = &packs.value();
  options.host = arguments.host;
  options.until_phase = arguments.until;
  if (arguments.for_seconds != 0)
    options.for_time = std::chrono::seconds(arguments.for_seconds);
  const Result<TraceEnd> end = trace_command(options, watcher);
  if (!end)
    return refuse(end.error());

  // From here the trace is complete.
  const std::vector<Finding> findings = watcher.conclude();
  if (end->why == TraceEnd::Why::lost)
    return static_cast<int>(ExitStatus::unfinished);
  if (!arguments.fail_on.empty() && status_of(findings, arguments.fail_on) == ExitStatus::findings)
    return static_cast<int>(ExitStatus::findings);
  return status_of(end.value());
}

} // namespace initorder
