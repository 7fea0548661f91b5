// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kinds of options that several subcommands have.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace initorder {

/// An option that may be given more than once, with one value each time.
void add_repeated(CLI::App &command, const std::string &name, std::vector<std::string> &values, const std::string &type,
                  const std::string &help);

/// An option with one of a few words. `value` holds the default.
void add_choice(CLI::App &command, const std::string &name, std::string &value, const std::vector<std::string> &choices,
                const std::string &help);

/// --color auto|always|never
void add_colour(CLI::App &command, std::string &when);

} // namespace initorder
