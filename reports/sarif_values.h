// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pieces that SARIF files are made of (SARIF 2.1.0, OASIS; section numbers beside each maker are that document's).
#pragma once

#include "reports/json_output.h"
#include "reports/report.h"

#include <string>
#include <string_view>

namespace initorder {

/// A path as part of a URI: bytes outside RFC 3986's unreserved set are percent-encoded, '/' is kept.
std::string uri_path(std::string_view path);

/// "file:///home/me/my%20tree/" for an absolute path of a folder.
std::string folder_uri(std::string_view path);

/// {"text": ...} (3.11)
Json sarif_message(std::string_view text);

/// A physical location (3.28, 3.29): relative to SRCROOT, or absolute for a file outside the tree. A place without a
/// file has none: the location then holds the message only.
Json sarif_location(const SourcePlace &place, std::string_view function, std::string_view message);

/// One result (3.27). `rule_index` is the rule's place in tool.driver.rules, or -1 if it is not there.
Json sarif_result(const Finding &finding, int rule_index, const std::string &fingerprint);

/// tool.driver.rules (3.19.23): one descriptor for each check.
Json sarif_rules(const std::vector<Check> &checks);

} // namespace initorder
