// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one line that tells how far a scan is.
#pragma once

#include "analyzer/scan_tree.h"

#include <chrono>
#include <string>

namespace initorder {

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
