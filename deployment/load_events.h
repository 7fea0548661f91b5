// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "deployment/deployment.h"
#include "rules/event.h"
#include "rules/packs.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace initorder::deployment {

/// Makes the events of loading: of each module's file, and of each library that comes with it.
class LoadEvents {
public:
  LoadEvents(const Deployment &deployment, const Packs &packs);

  /// Modules are to be given in load order. The objects that this one brings, by number, in the order in which their
  /// constructors run: what is needed before who needs it.
  std::vector<std::size_t> add(const InstalledModule &module, std::vector<Event> &out);

private:
  bool add_object(const InstalledModule &module, std::size_t number, std::vector<Event> &out);
  void add_effects(const InstalledModule &module, std::size_t number, const LibraryPack &pack,
                   std::set<std::string> &told, std::vector<Event> &out);
  std::vector<PathStep> path_to(const InstalledModule &module, std::size_t number) const;

  const Deployment &deployment_;
  const Packs &packs_;
  std::set<std::size_t> loaded_;                                   ///< objects
  std::map<std::pair<std::string, std::string>, std::size_t> kinds_; ///< pack and name of object: the first one loaded
};

/// Whether a file, "libcrypto.so.3", is one of a pack's objects, "libcrypto" or "libpython3*".
bool is_object(const std::string &file, const std::string &pattern);
/// An event at a line of the configuration, while a module is loaded.
Event event_of(const InstalledModule &module, std::string_view effect);

} // namespace initorder::deployment
