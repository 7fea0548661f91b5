// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/attach.h"

#include "cli/fail_on.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/trace_host.h"
#include "cli/trace_watcher.h"
#include "rules/nearest.h"
#include "tracer/inspect/family.h"
#include "tracer/process/attach.h"

#include <charconv>
#include <iostream>

#include <unistd.h>

namespace initorder {
namespace {

Result<pid_t> pid_of(const std::string &text) {
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pid);
  if (error == std::errc() && end == text.data() + text.size() && pid > 0)
    return pid;
  return Error{Error::Kind::malformed, "", in_quotes(text) + " is no process id"};
}

Via via_of(const std::string &word) {
  return word == "uprobes" ? Via::uprobes : word == "breakpoints" ? Via::breakpoints : Via::automatic;
}

/// Errors: what is wrong with the request, before anything is done.
Result<AttachOptions> options_of(const AttachArguments &arguments, const Packs &packs) {
  const Result<pid_t> pid = pid_of(arguments.pid);
  if (!pid)
    return pid.error();
  if (const auto host = host_for({}, packs, arguments.trace.host); !host)
    return host.error();
  if (arguments.trace.until == "up")
    return Error{Error::Kind::unsupported, "", "--until up: a server that is attached to is up already; name a phase, or use --for"};
  if (const Result<void> until = check_until(arguments.trace, packs); !until)
    return until.error();
  if (!arguments.trace.output.empty())
    if (const Result<Output> output = Output::to(arguments.trace.output); !output)
      return output.error();
  AttachOptions out{.pid = *pid, .via = via_of(arguments.via)};
  out.follow.packs = &packs;
  out.follow.host = arguments.trace.host;
  out.follow.until_phase = arguments.trace.until;
  if (arguments.trace.for_seconds != 0)
    out.follow.for_time = std::chrono::seconds(arguments.trace.for_seconds);
  if (const Result<void> can = can_attach(out); !can)
    return can.error();
  return out;
}

Result<inspect::Family> inspect_family(pid_t pid, const Packs &packs) {
  return inspect::read_family(inspect::family_of(pid), packs);
}

void show(const inspect::InspectReport &found, const AttachArguments &arguments, const Packs &packs) {
  TextOptions options;
  options.colour = use_colour(arguments.trace.colour, true);
  options.width = terminal_width();
  inspect::write_inspect_text(found, packs.checks, options, false, std::cout);
  std::cout << std::endl; // before the trace begins
}

} // namespace

CLI::App *add_attach(CLI::App &program, AttachArguments &arguments) {
  CLI::App &attach = *program.add_subcommand("attach", "Inspects a running server, and records what it does from now on");
  attach.add_option("PID", arguments.pid, "A process; the whole server it belongs to is followed")->type_name("")->required();
  add_trace_options(attach, arguments.trace);
  arguments.trace.fail_on = "warning";
  add_fail_on(attach, arguments.trace.fail_on);
  add_choice(attach, "--via", arguments.via, {"auto", "uprobes", "breakpoints"}, "How calls are seen");
  attach.footer("Ends with --for, --until, Ctrl-C or the server's end; the server goes on as if nothing had been.");
  return &attach;
}

ExitStatus run_attach(const AttachArguments &arguments) {
  const Result<Packs> packs = load_packs(arguments.trace.packs);
  if (!packs)
    return fail(packs.error());
  const Result<AttachOptions> options = options_of(arguments, *packs);
  if (!options) {
    complain(options.error().text());
    return ExitStatus::bad_input; // nothing has been done
  }
  // First what can still be read of the past, then what comes.
  const Result<inspect::Family> family = inspect_family(options->pid, *packs);
  if (!family)
    return fail(family.error());
  const inspect::InspectReport found = inspect::report_of(*family, *packs, packs->checks);
  if (arguments.trace.format == "text")
    show(found, arguments, *packs);
  TraceWatcher watcher(arguments.trace, *packs, ::isatty(STDERR_FILENO) == 1);
  watcher.report_to(STDOUT_FILENO, found);
  const Result<TraceEnd> end = attach(*options, watcher);
  if (!end)
    return fail(end.error());

  // From here the server is left alone.
  const std::vector<Finding> findings = watcher.conclude();
  return end->why == TraceEnd::Why::lost ? ExitStatus::unfinished : status_of(findings, arguments.trace.fail_on);
}

} // namespace initorder
