// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One deployment: what its configuration asks for, and which installed files that means.
#pragma once

#include "config/config.h"
#include "deployment/process_image.h"
#include "deployment/walk_cache.h"
#include "rules/host_pack.h"
#include "rules/result.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace initorder::deployment {

struct Request {
  std::string config;                  ///< path of its configuration
  std::vector<std::string> folders;    ///< where modules are looked for, instead of where the configuration says
  std::string program;                 ///< path of the server's program; empty: look for it
  std::vector<std::string> program_folders; ///< where it is looked for
  std::map<std::string, std::optional<std::string>> definitions; ///< of the server's command line
  LibrarySearch libraries;
};

/// A module that the configuration loads. A module that is loaded again is not there again.
struct InstalledModule {
  config::LoadedModule loaded;
  std::string path;                  ///< of its file; empty: not found
  std::string export_name;           ///< what it calls itself, which parameters are given to
  std::optional<std::size_t> object; ///< its number in the process image
  std::string problem;               ///< why there is no object
};

struct Deployment {
  const HostPack *host = nullptr;
  config::Config config;
  std::string version; ///< "5.6.3"; empty: not known
  std::string program; ///< path; empty: not found
  std::vector<InstalledModule> modules; ///< in load order
  ProcessImage image{LibrarySearch{}};
  std::shared_ptr<WalkCache> walks = std::make_shared<WalkCache>(); ///< shared by deployments that differ little
  /// What each of the host's configuration variables is; one that is not here is not known. An empty text: this server
  /// has no such variable.
  std::map<std::string, std::string> variables;
  std::vector<Caveat> caveats;

  Scenario scenario() const; ///< what is known of it
};

/// Reads the configuration, then the files that it means. Errors: as config::parse().
Result<Deployment> read_deployment(const Request &request, const HostPack &host);

/// The same with one module (by its number) loaded earlier, where another one is loaded now.
Deployment with_order(const Deployment &deployment, std::size_t from, std::size_t to);

} // namespace initorder::deployment
