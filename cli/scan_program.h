// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// `initorder scan` and `initorder check --source`, seen from the program without LLVM: it becomes initorder-scan.
#pragma once

#include "cli/exit_status.h"

#include <string_view>

namespace initorder {

inline constexpr std::string_view kScan = "scan";

/// Replaces this process by initorder-scan, which is looked for beside this program, then in libexec. `arguments` are
/// the user's, from the subcommand on, ended by a null pointer. Returns only if that fails, having said why.
ExitStatus become_scan(char **arguments);

} // namespace initorder
