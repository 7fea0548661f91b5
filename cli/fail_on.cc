// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/fail_on.h"

#include "cli/options.h"

#include <algorithm>

namespace initorder {

void add_fail_on(CLI::App &command, std::string &value) {
  add_choice(command, "--fail-on", value, {"note", "warning", "error", "never"},
             "Exit with 1 if there is a finding as severe as this");
}

ExitStatus status_of(const std::vector<Finding> &findings, const std::string &fail_on) {
  if (fail_on == "never")
    return ExitStatus::clean;
  const Severity least = fail_on == "error"     ? Severity::error
                         : fail_on == "warning" ? Severity::warning
                                                : Severity::note;
  return std::ranges::any_of(findings, [&](const Finding &finding) {
           return finding.severity >= least && finding.left_out.empty();
         })
             ? ExitStatus::findings
             : ExitStatus::clean;
}

} // namespace initorder
