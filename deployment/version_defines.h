// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a server's version makes its configuration's preprocessor know.
#pragma once

#include "config/dialect.h"

#include <map>
#include <string>

namespace initorder::deployment {

/// "KAMAILIO_5", "KAMAILIO_5_6" ... for a version, "5.6.3"; without a version none.
std::map<std::string, config::Definition> version_defines(const HostConfig &host, const std::string &version);

} // namespace initorder::deployment
