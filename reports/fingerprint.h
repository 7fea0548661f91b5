// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a finding is called from one run to the next, when lines have moved.
#pragma once

#include "rules/finding.h"

#include <string>
#include <vector>

namespace initorder {

/// One fingerprint for each finding, in hexadecimal: SHA-256 over rule, file, function and call of the site, and the
/// finding's number (by line and column) among those that are equal in all of these. No line numbers go in.
/// Throws std::runtime_error if libcrypto cannot hash.
std::vector<std::string> fingerprints_of(const std::vector<Finding> &findings);

} // namespace initorder
