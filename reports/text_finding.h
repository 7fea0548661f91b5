// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One finding as text: the line that editors and people look for, then labelled rows.
#pragma once

#include "reports/page.h"
#include "reports/report.h"

namespace initorder {

/// What a finding's block may leave out because it holds for the whole report.
struct FindingContext {
  bool all_paths = false;
  std::size_t scenarios = 0; ///< how many were simulated
};

void write_finding(const Finding &finding, const FindingContext &context, Page &page);

/// All of them in groups by rule, each rule's reason and cure told once.
void write_findings(const std::vector<Finding> &findings, const std::vector<Check> &checks,
                    const FindingContext &context, Page &page);

} // namespace initorder
