// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "config/config.h"
#include "config/dialect.h"

namespace initorder::config {

/// Reads a configuration with all that it includes. Errors: gone, denied; malformed, with file:line: what the server
/// would refuse to start with, and what is too large.
Result<Config> parse(const std::string &path, const HostConfig &host, const Source &source);

/// "tls" for "tls", "tls.so" and "/usr/lib/x/tls.so".
std::string module_name(const std::string &written);

} // namespace initorder::config
