// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// initorder-scan: the subcommand that needs LLVM, in an executable of its own. `initorder scan` becomes this program.
#include "cli/program.h"
#include "cli/scan.h"

#include <string>
#include <vector>

namespace initorder {
namespace {

int run(int argc, char **argv) {
  const std::unique_ptr<CLI::App> program = make_program();
  ScanArguments arguments;
  add_scan(*program, arguments);
  // CLI11 takes them last one first. "scan" stands before what the user gave, as if it were `initorder scan`.
  std::vector<std::string> words(std::reverse_iterator(argv + argc), std::reverse_iterator(argv + 1));
  words.emplace_back("scan");
  try {
    program->parse(std::move(words));
  } catch (const CLI::ParseError &error) {
    return static_cast<int>(refuse(*program, error));
  }
  return static_cast<int>(run_scan(arguments));
}

} // namespace
} // namespace initorder

int main(int argc, char **argv) {
  return initorder::status_of_run([&] { return initorder::run(argc, argv); });
}
