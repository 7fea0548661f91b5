// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the project's programs have in common as programs: how they are called, and how they refuse.
#pragma once

#include "cli/exit_status.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>

namespace initorder {

/// The program's own options, without subcommands. It is called "initorder" whichever executable it stands in: that is
/// what users type.
std::unique_ptr<CLI::App> make_program();

/// CLI11's own way to fail, in our words and with our status. --help and --version are no failures.
ExitStatus refuse(const CLI::App &program, const CLI::ParseError &error);

/// What main() returns: the status of `run`, or of an exception that nobody caught.
int status_of_run(const std::function<int()> &run);

} // namespace initorder
