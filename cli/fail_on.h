// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// --fail-on: which findings make the program fail.
#pragma once

#include "cli/exit_status.h"
#include "rules/finding.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace initorder {

/// --fail-on note|warning|error|never. `value` holds the default.
void add_fail_on(CLI::App &command, std::string &value);

/// `findings` if one that is in what is built here is as severe as `fail_on` says, else `clean`.
ExitStatus status_of(const std::vector<Finding> &findings, const std::string &fail_on);

} // namespace initorder
