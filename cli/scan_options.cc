// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/scan.h"

#include "cli/fail_on.h"
#include "cli/options.h"

namespace initorder {

CLI::App *add_scan(CLI::App &program, ScanArguments &arguments) {
  CLI::App &scan = *program.add_subcommand("scan", "Finds hazards in a source tree");
  scan.add_option("PATH", arguments.path, "The root of the tree")->type_name("")->capture_default_str();

  add_choice(scan, "--format", arguments.format, {"text", "json", "sarif"}, "How the report is written");
  scan.add_option("-o,--output", arguments.output, "Write the report here, complete or not at all")->type_name("FILE");
  add_fail_on(scan, arguments.fail_on);
  add_repeated(scan, "--only", arguments.only, "DIR",
               "Report only what stands in this folder or is reached through it");
  add_repeated(scan, "--rule", arguments.rules, "ID", "Apply only this rule");
  scan.add_flag("--all-paths", arguments.all_paths, "Show the path from each entry point, not only from the first");
  add_colour(scan, arguments.colour);
  scan.add_flag("-q,--quiet", arguments.quiet, "No progress, and no word on standard error unless something is wrong");

  scan.add_option("-p", arguments.compile_database, "Folder of compile_commands.json; without it, flags are inferred")
      ->type_name("DIR");
  scan.add_option("--host", arguments.host, "The host pack to use, instead of recognising the tree")->type_name("NAME");
  add_repeated(scan, "--set", arguments.settings, "NAME=VALUE", "Fix one variable of the scenarios");
  scan.add_option("--jobs", arguments.jobs, "Threads; as many as there are processors if not given")
      ->type_name("N")
      ->check(CLI::Range(1, 1024).description(""));
  add_pack_options(scan, arguments.packs);
  return &scan;
}

} // namespace initorder
