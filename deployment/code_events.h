// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Events from machine code: what a module's entry points lead to, as far as the code shows. On which conditions it does
// not show: every call that can be reached counts as made, so that it can excuse another, and what is found by it is told
// as a maybe (see verdict.h). The site of such an event is an object's file, and has no line.
#pragma once

#include "deployment/code_walk.h"
#include "deployment/deployment.h"
#include "rules/event.h"
#include "rules/packs.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace initorder::deployment {

class CodeEvents {
public:
  CodeEvents(const Deployment &deployment, const Packs &packs);

  /// What the phase runs of this module. `process`: 0 is the main process.
  void add_entry(const InstalledModule &module, const Phase &phase, const EntryPoint &entry, unsigned process,
                 std::vector<Event> &out);
  /// What a shared object's ELF constructors do, while the module is loaded that brings it.
  void add_constructors(const InstalledModule &module, std::size_t object, const Phase &phase, std::vector<Event> &out);
  /// What modules have registered for this phase.
  void add_hooks(const Phase &phase, std::vector<Event> &out);
  /// What pthread_atfork() has been told to run.
  void add_fork_handlers(const Phase &phase, unsigned child, std::vector<Event> &out);

  /// What is not followed.
  std::vector<Caveat> caveats() const;

private:
  struct Function {
    std::string pack;
    const LibraryFunction *function;
  };
  /// Where a walk begins, and what it is for.
  struct Root {
    const InstalledModule *module;
    std::size_t object;
    FileAddr address;
    std::vector<std::int64_t> arguments;
    Place place;
    std::vector<PathStep> path;
    unsigned depth = 0; ///< callbacks in each other
  };
  struct ForkHandler {
    RunsCallback::When when;
    Root root;
  };

  struct Hook {
    std::string phase;
    Root root;
  };

  bool is_of_interest(std::size_t object) const;
  const CodeCalls &calls_of(const Root &root);
  void add_hooks_of(const Root &root, const CodeCall &call);
  std::vector<const CodeCall *> opening(const CodeCalls &calls, const std::string &pack) const;
  void walk(const Root &root, std::vector<Event> &out);
  void add_effects(const Root &root, const CodeCall &call, const Function &known, std::vector<Event> &out);
  void run_callback(const Root &root, const CodeCall &call, const RunsCallback &callback, std::vector<Event> &out);
  std::vector<PathStep> path_of(const Root &root, const CodeCall &call) const;
  CodeFacts facts_in(ProcessRole role) const;
  std::string place_in(std::size_t object, FileAddr address) const;

  const Deployment &deployment_;
  const Packs packs_; ///< without what only a tracer reads
  std::multimap<std::string, Function> functions_;
  std::vector<ForkHandler> handlers_;
  std::vector<Hook> hooks_;
  std::map<std::size_t, CodeFacts> own_facts_; ///< of each object: its fields, words and nulls
  mutable std::map<std::size_t, bool> of_interest_; ///< objects
  std::set<std::pair<std::size_t, FileAddr>> not_followed_;
  std::set<std::string> cut_; ///< files with more code than is followed
  std::map<ProcessRole, CodeFacts> facts_; ///< without those of an object
  std::map<std::pair<ProcessRole, std::size_t>, CodeFacts> facts_of_;
  std::map<std::string, std::string> versions_; ///< of libraries, as their packs name them; empty: not known
  std::map<std::pair<std::size_t, std::string>, std::uint64_t> resources_; ///< object and pack: see add_effects()
};

} // namespace initorder::deployment
