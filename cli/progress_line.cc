// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/progress_line.h"

#include <fmt/format.h>

#include <iostream>

#include <unistd.h>

namespace initorder {

ProgressLine::ProgressLine(bool quiet) : wanted_(!quiet && ::isatty(STDERR_FILENO)) {}

void ProgressLine::show(const ScanProgress &progress) {
  using namespace std::chrono_literals;
  const auto now = std::chrono::steady_clock::now();
  if (!wanted_ || (progress.step == step_ && now - last_ < 100ms))
    return;
  last_ = now;
  step_ = progress.step;
  const std::string count = progress.total == 0 ? "" : fmt::format(" {}/{}", progress.done, progress.total);
  std::cerr << "\r\x1b[K" << step_ << count << std::flush;
  drawn_ = true;
}

void ProgressLine::clear() {
  if (drawn_)
    std::cerr << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

} // namespace initorder
