// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/exit_status.h"

#include "reports/page.h"

#include <iostream>

namespace initorder {

void complain(const std::string &text) {
  std::cerr << "initorder: " << printable(text) << '\n';
}

ExitStatus fail(const Error &error) {
  complain(error.text());
  return error.kind == Error::Kind::unsupported ? ExitStatus::unfinished : ExitStatus::bad_input;
}

} // namespace initorder
