// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is known of the terminal.
#pragma once

#include <string>

namespace initorder {

/// `when` is "always", "never" or "auto": on a terminal, unless NO_COLOR (https://no-color.org) or TERM=dumb says no.
/// `wanted`: what is written goes there, and not to a file. `fd` is standard output or standard error.
bool use_colour(const std::string &when, bool wanted, int fd = 1);

/// Columns of the terminal on `fd`, within what can be read well; 100 if it is none.
unsigned terminal_width(int fd = 1);

} // namespace initorder
