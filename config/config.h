// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a configuration says of start-up: modules in load order, parameters, settings. Routing is left out.
#pragma once

#include "rules/caveat.h"
#include "rules/event.h"

#include <optional>
#include <string>
#include <vector>

namespace initorder::config {

/// Whether the server gets to a statement. `maybe` stands below a condition that could not be decided here.
struct Guard {
  Certainty certainty = Certainty::always;
  std::string condition; ///< "#!ifexp ... (kamailio.cfg:12)"; empty for always
};

/// loadmodule
struct LoadedModule {
  std::string name;                 ///< "tls" for "tls", "tls.so" and "/usr/lib/x/tls.so"
  std::string written;              ///< as it is written
  std::vector<std::string> folders; ///< the search path in force here; empty: the server's own
  SourcePlace at;
  Guard guard;
};

/// modparam
struct ModuleParameter {
  std::string modules; ///< a regular expression that a module's whole name must match
  std::string name;
  std::string value;
  SourcePlace at;
  Guard guard;
  std::size_t after = 0; ///< how many modules were loaded before: only these can have it
};

/// name = value
struct Setting {
  std::string name;
  std::string value;
  bool is_known = true; ///< false: an expression that only the server can evaluate
  SourcePlace at;
  Guard guard;
};

struct Config {
  std::vector<LoadedModule> modules; ///< in order; one that is loaded again is there again
  std::vector<ModuleParameter> parameters;
  std::vector<Setting> settings; ///< in order: of two the later one counts
  std::vector<std::string> files; ///< the first is the main one
  std::vector<Caveat> caveats;   ///< what could not be known
};

} // namespace initorder::config
