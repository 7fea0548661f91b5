// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is known of the terminal.
#pragma once

#include <string>

namespace initorder {

/// `when` is "always", "never" or "auto": on a terminal, unless NO_COLOR (https://no-color.org) or TERM=dumb says no.
bool use_colour(const std::string &when, bool to_standard_output);

/// Columns of the terminal on standard output, within what can be read well; 100 if it is none.
unsigned terminal_width();

} // namespace initorder
