// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The static half as one call: a source tree to the events of each scenario.
#pragma once

#include "analyzer/configured.h"
#include "rules/caveat.h"
#include "rules/packs.h"
#include "rules/result.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace initorder {

struct ScanProgress {
  std::string step; ///< "parsing"
  unsigned done = 0;
  unsigned total = 0;
};

struct ScanOptions {
  std::filesystem::path root;
  std::filesystem::path compile_database; ///< folder of a compile_commands.json; empty: look in root, else infer
  std::string host;                       ///< name of a host pack; empty: recognise
  unsigned jobs = 0;                      ///< 0: one per processor
  Scenario fixed;                         ///< variables that the user fixes
  std::optional<Configured> configured;   ///< none: all modules of the tree, with all their parameters
  std::function<void(const ScanProgress &)> progress; ///< may be empty; never called from two threads at once
};

struct ScanResult {
  const HostPack *host = nullptr; ///< into the packs given
  std::string layout;
  std::filesystem::path root;     ///< absolute
  std::vector<Scenario> scenarios; ///< that were simulated
  Scenario defaults;              ///< what the tree gives its variables to begin with, where it can be told
  std::vector<Caveat> caveats;
  unsigned files = 0;
  unsigned parsed = 0;
  unsigned ruled_out = 0;
  unsigned modules = 0;
};

/// Is given the events of one scenario after the other. The host is into the packs given.
using TakeSequence = std::function<void(const HostPack &host, const EventSequence &sequence)>;

/// Errors: gone, denied (the root, or the compile database), unknown (no host pack knows the tree; a
/// variable that no host pack has), malformed (a compile database).
Result<ScanResult> scan_tree(const ScanOptions &options, const Packs &packs, const TakeSequence &take);

} // namespace initorder
