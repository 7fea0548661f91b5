// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/program.h"

#include "rules/nearest.h"

#include <exception>
#include <string>
#include <vector>

namespace initorder {
namespace {

/// The first argument that nothing wanted, and what it was probably meant to be.
std::string describe_extra(const CLI::App &program) {
  const std::vector<std::string> extra = program.remaining(true);
  if (extra.empty())
    return "bad usage";
  std::vector<std::string> known;
  const std::vector<CLI::App *> chosen = program.get_subcommands();
  const std::string name = extra.front().substr(0, extra.front().find('='));
  if (name.starts_with('-')) {
    for (const CLI::Option *option : (chosen.empty() ? &program : chosen.front())->get_options())
      for (const std::string &spelling : option->get_lnames())
        known.push_back("--" + spelling);
    return "unknown option " + in_quotes(name) + nearest(name, known);
  }
  if (!chosen.empty())
    return "unexpected argument " + in_quotes(name);
  for (const CLI::App *command : program.get_subcommands([](const CLI::App *) { return true; }))
    known.push_back(command->get_name());
  return "unknown command " + in_quotes(name) + nearest(name, known);
}

} // namespace

ExitStatus refuse(const CLI::App &program, const CLI::ParseError &error) {
  if (error.get_exit_code() == 0)
    return program.exit(error), ExitStatus::clean;
  const bool extra = dynamic_cast<const CLI::ExtrasError *>(&error) != nullptr;
  complain((extra ? describe_extra(program) : std::string(error.what())) + " (--help tells more)");
  return ExitStatus::bad_input;
}

std::unique_ptr<CLI::App> make_program() {
  auto program = std::make_unique<CLI::App>("initorder finds init-order hazards in pre-fork servers.", "initorder");
  program->set_version_flag("--version", "initorder " INITORDER_VERSION);
  program->fallthrough();
  program->footer("Exit status: 0 nothing found, 1 findings at or above --fail-on, 2 bad usage or bad input,\n"
                  "3 could not finish.");
  return program;
}

int status_of_run(const std::function<int()> &run) {
  try {
    return run();
  } catch (const std::exception &error) {
    complain(std::string("could not finish: ") + error.what());
    return static_cast<int>(ExitStatus::unfinished);
  }
}

} // namespace initorder
