// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// initorder: finds init-order hazards in pre-fork servers. Each subcommand has a file of its own. No LLVM here: this
// program runs on production hosts, and what needs a compiler is a program of its own.
#include "cli/program.h"
#include "cli/rules.h"
#include "cli/scan_program.h"
#ifdef INITORDER_TRACER
#include "cli/attach.h"
#include "cli/check.h"
#include "cli/inspect.h"
#include "cli/report.h"
#include "cli/trace.h"
#endif

#include <algorithm>
#include <string_view>

namespace initorder {
namespace {

int run(int argc, char **argv) {
  // The scan has its own options, and reads them itself.
  if (argc > 1 && std::string_view(argv[1]) == kScan)
    return static_cast<int>(become_scan(argv + 1));

  const std::unique_ptr<CLI::App> program = make_program();
  RulesArguments rules_arguments;
  program->add_subcommand(std::string(kScan), "Finds hazards in a source tree");
#ifdef INITORDER_TRACER
  TraceArguments trace_arguments;
  AttachArguments attach_arguments;
  InspectArguments inspect_arguments;
  ReportArguments report_arguments;
  CheckArguments check_arguments;
  const CLI::App *check = add_check(*program, check_arguments);
  const CLI::App *trace = add_trace(*program, trace_arguments);
  const CLI::App *attach = add_attach(*program, attach_arguments);
  const CLI::App *inspect = add_inspect(*program, inspect_arguments);
  const CLI::App *report = add_report(*program, report_arguments);
  // What stands after "--" is a command, with options of its own.
  char **const end = argv + argc;
  char **const command =
      argc > 1 && std::string_view(argv[1]) == "trace" ? std::find(argv, end, std::string_view("--")) : end;
  argc = static_cast<int>(command - argv);
#endif
  const CLI::App *rules = add_rules(*program, rules_arguments);
  try {
    program->parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return static_cast<int>(refuse(*program, error));
  }

  // From here the arguments are well-formed; what they name may still not be there.
#ifdef INITORDER_TRACER
  if (trace->parsed()) {
    if (command != end)
      trace_arguments.command.insert(trace_arguments.command.end(), command + 1, end);
    return run_trace(trace_arguments);
  }
  if (check->parsed())
    return static_cast<int>(check_arguments.source.empty() ? run_check(check_arguments) : become_scan(argv + 1));
  if (attach->parsed())
    return static_cast<int>(run_attach(attach_arguments));
  if (inspect->parsed())
    return static_cast<int>(run_inspect(inspect_arguments));
  if (report->parsed())
    return static_cast<int>(run_report(report_arguments));
#endif
  if (rules->parsed())
    return static_cast<int>(run_rules(rules_arguments));
  complain("no command: --help lists them");
  return static_cast<int>(ExitStatus::bad_input);
}

} // namespace
} // namespace initorder

int main(int argc, char **argv) {
  return initorder::status_of_run([&] { return initorder::run(argc, argv); });
}
