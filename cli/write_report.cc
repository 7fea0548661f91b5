// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/write_report.h"

#include "cli/terminal.h"

namespace initorder {

Result<void> write_report(const Report &report, const ReportFormat &format, const Output &output) {
  return output.write([&](std::ostream &out) {
    if (format.format == "json")
      return write_json(report, out);
    if (format.format == "sarif")
      return write_sarif(report, out);
    TextOptions options;
    options.colour = use_colour(format.colour, output.is_standard());
    if (output.is_standard())
      options.width = terminal_width();
    options.all_paths = format.all_paths;
    write_text(report, options, out);
  });
}

} // namespace initorder
