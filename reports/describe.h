// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Values of the vocabulary in words, spelled alike in every format.
#pragma once

#include "reports/report.h"

#include <string>
#include <string_view>
#include <vector>

namespace initorder {

std::string_view name_of(Severity severity);      ///< "note", "warning", "error": SARIF's words too
std::string_view name_of(ProcessRole process);    ///< "main", "worker"
std::string_view name_of(ThreadRole thread);      ///< "main", "temporary", "other"
std::string_view name_of(Certainty certainty);    ///< "always", "maybe"
std::string_view name_of(Caveat::Kind kind);      ///< "parse-errors", "not-read", "cannot-tell"
std::string_view sentence_for(Caveat::Kind kind); ///< what such a caveat means for the reader

/// "a.c:12:3"; without what is not known.
std::string describe(const SourcePlace &place);

/// The entry point: "mod-init of outbound".
std::string entry_of(const Place &place);

/// The entry point and who runs it: "mod-init of outbound, in the main process, on the main thread".
std::string describe(const Place &place);

/// Who runs it, without what goes without saying: "" for the main thread of the main process.
std::string runner_of(const Place &place);

/// "12 warnings", "1 warning".
std::string count_of(std::size_t count, std::string_view noun);

/// "3 findings (1 error, 2 warnings)".
std::string tally_of(const std::vector<Finding> &findings);

/// One line: what was found, in what. Ends without a newline.
std::string summary_of(const Report &report);

/// The first URL in a rule's sources, or an empty text.
std::string url_of(const std::vector<std::string> &sources);

} // namespace initorder
