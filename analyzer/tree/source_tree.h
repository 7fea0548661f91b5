// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What stands where in a server's source tree: which host it is, its modules, their files.
#pragma once

#include "analyzer/tree/makefile.h"
#include "rules/host_pack.h"
#include "rules/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace initorder {

/// What is linked together, with static names of its own: the core, or one module.
struct LinkageUnit {
  std::string name;   ///< the module's folder name; "core"
  std::string folder; ///< relative to the root; empty for the core
  MakefileFacts makefile;
};

struct SourceFile {
  std::filesystem::path path; ///< absolute
  std::string relative;       ///< to the root, with '/'
  unsigned unit = 0;          ///< index into SourceTree::units
};

struct SourceTree {
  std::filesystem::path root; ///< absolute, normal
  const HostPack *host = nullptr;
  const Layout *layout = nullptr;
  std::vector<LinkageUnit> units; ///< [0] is the core; modules in the order of their folders and names
  std::vector<SourceFile> files;  ///< .c and .cpp, sorted by relative path
  std::vector<SourceFile> headers;
};

/// Finds the host of the tree at `root` (or checks that it is `host_name`) and lists its files.
/// Errors: gone, denied, unknown (no host pack knows the tree; no such host).
Result<SourceTree> read_source_tree(const std::filesystem::path &root, const std::vector<HostPack> &hosts,
                                    const std::string &host_name);

} // namespace initorder
