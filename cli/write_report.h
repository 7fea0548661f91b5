// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A report in the format that the user has chosen.
#pragma once

#include "cli/output.h"
#include "reports/report.h"

#include <string>

namespace initorder {

struct ReportFormat {
  std::string format = "text"; ///< text, json, sarif
  std::string colour = "auto";
  bool all_paths = false;
};

/// Errors: as Output::write().
Result<void> write_report(const Report &report, const ReportFormat &format, const Output &output);

} // namespace initorder
