// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What one entry point did, from summaries to events with their paths.
#pragma once

#include "analyzer/simulate/walk.h"
#include "rules/caveat.h"
#include "rules/event.h"

#include <map>
#include <string>
#include <vector>

namespace initorder {

/// One entry point of one phase.
struct Root {
  Place place;                 ///< of its events, if they do not leave its thread and process
  unsigned *processes = nullptr; ///< how many there are so far: a process that it forks itself gets the next number
  std::vector<PathStep> path;  ///< from main() to the entry point
  Certainty certainty = Certainty::always;
  std::vector<std::string> conditions;
  FlatSet<ResourceId> open_after;           ///< when it has returned
  FlatSet<ResourceId> perhaps_closed_after; ///< of those, the ones that an unknown handle may have closed
};

/// pthread_atfork and atexit, as registered.
struct RegisteredHandler {
  RunsCallback::When when;
  Callable handler;
  Root root;
  std::size_t position = 0; ///< before the event with this index
};

/// A fork by one of the root's processes.
struct Fork {
  std::size_t begin = 0, end = 0; ///< its events
  unsigned parent = 0, child = 0; ///< numbers of processes
};

struct Expansion {
  std::vector<Event> events; ///< in order
  std::vector<Fork> forks;   ///< in order
  std::vector<RegisteredHandler> handlers; ///< of the root's own process
  std::vector<Caveat> untold;
};

Expansion expand(const Walker &walker, const Summary &summary, const Root &root);

} // namespace initorder
