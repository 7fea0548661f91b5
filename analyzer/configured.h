// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One start of the server, as its configuration asks for it: what fixes a tree's modules and their parameters.
#pragma once

#include "rules/event.h"

#include <optional>
#include <string>
#include <vector>

namespace initorder {

struct ConfiguredModule {
  std::string name;      ///< of its folder: "tls"
  SourcePlace at;        ///< the statement that loads it
  std::string condition; ///< on which it is loaded, if that could not be decided; empty: it is loaded
};

/// A parameter of a loaded module that the configuration sets. Of several for the same one the last counts.
struct ConfiguredParameter {
  std::string module;
  std::string name;
  std::optional<std::string> value; ///< none: cannot be told
};

struct Configured {
  std::vector<ConfiguredModule> modules; ///< in load order, each once; what is not here is not loaded
  std::vector<ConfiguredParameter> parameters;

  bool loads(const std::string &module) const {
    for (const ConfiguredModule &one : modules)
      if (one.name == module)
        return true;
    return false;
  }
};

} // namespace initorder
