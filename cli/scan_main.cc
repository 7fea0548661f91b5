// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// initorder-scan: what needs LLVM, in an executable of its own. `initorder scan` and `initorder check --source` become this
// program, with the words that the user gave.
#include "cli/program.h"
#include "cli/scan.h"
#ifdef INITORDER_TRACER
#include "cli/check_source.h"
#endif

namespace initorder {
namespace {

int run(int argc, char **argv) {
  const std::unique_ptr<CLI::App> program = make_program();
  ScanArguments scan_arguments;
  const CLI::App *scan = add_scan(*program, scan_arguments);
#ifdef INITORDER_TRACER
  CheckArguments check_arguments;
  const CLI::App *check = add_check(*program, check_arguments);
#endif
  try {
    program->parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return static_cast<int>(refuse(*program, error));
  }
#ifdef INITORDER_TRACER
  if (check->parsed())
    return static_cast<int>(run_check_source(std::move(check_arguments)));
#endif
  if (scan->parsed())
    return static_cast<int>(run_scan(scan_arguments));
  complain("no command: --help lists them");
  return static_cast<int>(ExitStatus::bad_input);
}

} // namespace
} // namespace initorder

int main(int argc, char **argv) {
  return initorder::status_of_run([&] { return initorder::run(argc, argv); });
}
