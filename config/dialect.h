// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The text before it is parsed: who reads files, what is defined on the command line.
#pragma once

#include "rules/host_config.h"
#include "rules/result.h"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace initorder::config {

/// A name that the preprocessor knows.
struct Definition {
  std::optional<std::string> value; ///< none: it has none (#!define NAME)
  bool is_known = true;             ///< false: it may be defined or not, with any value
};

struct Source {
  /// The bytes of a file. Errors: gone, denied, malformed.
  std::function<Result<std::string>(const std::string &path)> read;
  /// A variable of the environment.
  std::function<std::optional<std::string>(const std::string &name)> environment;
  /// What is defined before the first line: by the command line, by the server itself.
  std::map<std::string, Definition> definitions;
};

} // namespace initorder::config
