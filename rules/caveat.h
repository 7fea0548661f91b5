// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a reader must know to judge what a report does not say.
#pragma once

#include "rules/event.h"

#include <cstdint>
#include <string>

namespace initorder {

/// A limit that one run met: a file that was parsed with errors, a function that could not be
/// followed, a call whose target is not known.
struct Caveat {
  enum class Kind : std::uint8_t {
    parse_errors, ///< the file was parsed, with errors; what stands in the broken parts may be missing
    not_read,     ///< the file or function is not part of the analysis
    cannot_tell,  ///< a question that the analysis could not answer
  };
  Kind kind = Kind::cannot_tell;
  SourcePlace at;
  std::string what; ///< "2 errors, first: 'mysql.h' file not found"
};

} // namespace initorder
