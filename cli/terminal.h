// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is known of the terminal, and the one line that tells how far the work is.
#pragma once

#include "analyzer/scan_tree.h"

#include <chrono>
#include <string>

namespace initorder {

/// `when` is "always", "never" or "auto": on a terminal, unless NO_COLOR (https://no-color.org) or TERM=dumb says no.
bool use_colour(const std::string &when, bool to_standard_output);

/// Columns of the terminal on standard output, within what can be read well; 100 if it is none.
unsigned terminal_width();

/// A line on standard error that is drawn over itself, and gone when the object is.
class ProgressLine {
public:
  /// Shows nothing if `quiet`, or if standard error is no terminal.
  explicit ProgressLine(bool quiet);
  ProgressLine(const ProgressLine &) = delete;
  ProgressLine &operator=(const ProgressLine &) = delete;
  ~ProgressLine() { clear(); }

  void show(const ScanProgress &progress);
  void clear();

private:
  bool wanted_;
  bool drawn_ = false;
  std::string step_;
  std::chrono::steady_clock::time_point last_{};
};

} // namespace initorder
