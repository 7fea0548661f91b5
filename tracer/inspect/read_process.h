// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One process of a family: everything that is to be known of it.
#pragma once

#include "rules/packs.h"
#include "tracer/inspect/key_owners.h"
#include "tracer/inspect/library_locks.h"
#include "tracer/inspect/musl_threads.h"
#include "tracer/inspect/read_threads.h"

#include <memory>
#include <variant>

namespace initorder::inspect {

/// What was learned from one process of a family and holds for others that have loaded the same objects.
struct Knowledge {
  std::shared_ptr<const ObjectSet> objects;
  std::vector<LoadedObject> listed;
  std::optional<std::variant<ThreadLayout, MuslLayout>> layout;
  std::vector<KeyVariable> variables;
  std::vector<LockVariable> locks;
  std::vector<std::string> cannot_tell;
};
struct Learned {
  std::vector<Knowledge> sets;
  Patience patience; ///< what is left of it for the rest of the family
};

/// `main`: the process that forked it, read before; null: it is that one, or there is none. Errors: gone, denied,
/// malformed.
Result<Process> read_process(const Target &target, const Packs &packs, const Process *main, Learned &learned);

} // namespace initorder::inspect
