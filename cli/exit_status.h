// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the program tells its caller when it ends. Scripts depend on these numbers.
#pragma once

#include "rules/result.h"

namespace initorder {

enum class ExitStatus {
  clean = 0,      ///< nothing at or above --fail-on
  findings = 1,   ///< findings at or above --fail-on
  bad_input = 2,  ///< bad usage or bad input: what the user can put right
  unfinished = 3, ///< could not finish
};

/// Tells the user in one line on standard error: "initorder: <text>".
void complain(const std::string &text);

/// Complains, and says which status that is.
ExitStatus fail(const Error &error);

} // namespace initorder
