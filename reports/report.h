// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One report in three formats. A report is a value: writing it reads nothing but the value.
#pragma once

#include "rules/caveat.h"
#include "rules/check.h"
#include "rules/finding.h"

#include <chrono>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace initorder {

struct Report {
  std::string version;    ///< of the program that made the report: "0.1.0"
  std::string root;       ///< absolute path of the scanned tree
  std::string host;       ///< the host pack's title
  std::string host_name;  ///< the host pack's name: "kamailio"
  std::string layout;     ///< "src/ (5.0 and later)"
  std::vector<Finding> findings; ///< in the order in which they are shown
  std::vector<Check> checks;     ///< the checks that were applied, findings or not
  std::vector<Caveat> caveats;
  std::vector<Scenario> scenarios; ///< all that were simulated
  unsigned files = 0;     ///< source files of the tree
  unsigned parsed = 0;    ///< files that went through the compiler's front end
  unsigned ruled_out = 0; ///< files that the pre-pass showed to hold nothing of interest
  unsigned modules = 0;
  std::string subject;    ///< what was judged, for the last line; empty: the tree, with the numbers above
  std::chrono::milliseconds took{0};
  bool observed = false;  ///< the findings were seen in a running server; false: predicted from source
  /// Further members of the JSON report: their names, and their values as JSON texts.
  std::vector<std::pair<std::string, std::string>> more;
};

struct TextOptions {
  bool colour = false;
  unsigned width = 100;     ///< columns of the terminal
  bool all_paths = false;   ///< the path of each entry point, not only of the first
};

/// For people. Findings first, the summary line last.
void write_text(const Report &report, const TextOptions &options, std::ostream &out);

/// JSON with a "schema" member ("initorder-report/1"): everything the report holds.
void write_json(const Report &report, std::ostream &out);

/// SARIF 2.1.0. Locations are relative to `report.root` (uriBaseId "SRCROOT").
void write_sarif(const Report &report, std::ostream &out);

} // namespace initorder
