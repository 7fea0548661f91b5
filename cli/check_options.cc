// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/check.h"

#include "cli/fail_on.h"
#include "cli/options.h"

namespace initorder {

CLI::App *add_check(CLI::App &program, CheckArguments &arguments) {
  CLI::App &check = *program.add_subcommand("check", "Finds hazards in one deployment: its configuration, its modules");
  check.add_option("FILE", arguments.config, "The server's configuration")->type_name("")->required();
  add_repeated(check, "-L,--modules", arguments.modules, "DIR",
               "Where the modules are, instead of where the configuration and the program say");
  add_repeated(check, "-A,--define", arguments.definitions, "NAME[=VALUE]", "Define this, as the server's command line does");
  check.add_option("--program", arguments.program, "The server's program; without it, it is looked for")->type_name("FILE");
  check.add_option("--source", arguments.source, "Judge from this source tree of the server, instead of its installed files")
      ->type_name("TREE");
  add_choice(check, "--format", arguments.format, {"text", "json", "sarif"}, "How the report is written");
  check.add_option("-o,--output", arguments.output, "Write the report here, complete or not at all")->type_name("FILE");
  add_fail_on(check, arguments.fail_on);
  add_repeated(check, "--rule", arguments.rules, "ID", "Apply only this rule");
  add_colour(check, arguments.colour);
  check.add_option("--host", arguments.host, "The host pack to use, instead of that of the file's name")->type_name("NAME");
  add_pack_options(check, arguments.packs);
  return &check;
}

} // namespace initorder
