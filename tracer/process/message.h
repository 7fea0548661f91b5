// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the guardian says to the front: messages with a length before them, whose first letter tells what the rest is.
#pragma once

#include "rules/result.h"
#include "tracer/process/trace_end.h"

#include <string>
#include <string_view>

namespace initorder {

inline const std::string kRecordMessage = "r"; ///< and append_bytes()
inline const std::string kSeizedMessage = "s"; ///< the command that waits may go on
inline const std::string kNeverRanMessage = "x"; ///< it ended instead
inline const std::string kErrorMessage = "e";  ///< and an Error: nothing was done
inline const std::string kEndMessage = "d";    ///< and why it is over

inline std::string error_message(const Error &error) {
  return kErrorMessage + static_cast<char>('0' + static_cast<int>(error.kind)) + error.where + '\0' + error.what;
}
inline Error error_of(std::string_view text) {
  const auto middle = text.find('\0');
  if (text.empty() || middle == text.npos)
    return {Error::Kind::malformed, "", std::string(text)};
  return {static_cast<Error::Kind>(text[0] - '0'), std::string(text.substr(1, middle - 1)), std::string(text.substr(middle + 1))};
}

inline std::string end_message(TraceEnd::Why why) { return kEndMessage + static_cast<char>('0' + static_cast<int>(why)); }
inline TraceEnd::Why end_of(std::string_view text) {
  return text.empty() ? TraceEnd::Why::interrupted : static_cast<TraceEnd::Why>(text[0] - '0');
}

} // namespace initorder
