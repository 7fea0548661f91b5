// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where the tracer stops: the functions of all packs that are worth it, by the rule in trace_hint.h.
#pragma once

#include "rules/packs.h"

#include <string>
#include <vector>

namespace initorder {

/// A function to stop at. Points into the packs it was computed from.
struct Probe {
  struct Effect {
    const CallEffect *effect = nullptr;
    const LibraryPack *pack = nullptr; ///< that names it; null: the host
  };
  /// The first that says how to trace it, in the order of the packs, the host last; else the first that names it.
  const LibraryFunction *function = nullptr;
  const LibraryPack *pack = nullptr; ///< of `function`; null: the host
  std::vector<std::string> symbols;  ///< the first that an object defines is where it stops there; never empty
  std::vector<Effect> effects;       ///< what is seen here, of all packs that name it; `when` still has to hold
  bool ends = false;                 ///< its return has to be seen too: it returns or fills what is written down, or
                                     ///< what joins it to the call that ends what it begins; or it may have failed
};

/// One for each name, in the order of names. Without a host (null: not known which) its functions are left out, and
/// so are those of other hosts.
std::vector<Probe> probes_of(const Packs &packs, const HostPack *host);

} // namespace initorder
