// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where a report goes: standard output, or a file that appears complete or not at all.
#pragma once

#include "rules/result.h"

#include <filesystem>
#include <functional>
#include <ostream>
#include <string>

namespace initorder {

class Output {
public:
  /// Looks whether the file could be written, and touches nothing. "" and "-" are standard output.
  /// Errors: gone (its folder), denied.
  static Result<Output> to(const std::string &path);

  bool is_standard() const { return target_.empty(); }
  const std::filesystem::path &target() const { return target_; }

  /// Writes beside the target and renames when all is written; a device or a pipe is written to as it is.
  /// Errors: unsupported (the disk is full, the folder has gone since).
  Result<void> write(const std::function<void(std::ostream &)> &writer) const;

private:
  explicit Output(std::filesystem::path target) : target_(std::move(target)) {}

  std::filesystem::path target_; ///< empty: standard output
};

} // namespace initorder
