// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a family's state proves: found states become events, and the rules judge them as they judge all others.
#pragma once

#include "rules/finding.h"
#include "rules/packs.h"
#include "tracer/inspect/picture.h"

#include <vector>

namespace initorder::inspect {

/// A key across the family: the same number and generation, whoever has it.
struct KeyRow {
  Key key;
  std::vector<const Process *> holders; ///< whose first thread has a value
  /// The most processes that hold one object in shared memory; never just one.
  std::vector<const Process *> sharers;
  const HeldValue *shared = nullptr;    ///< that one
  std::vector<const Process *> without; ///< workers whose first thread has no value, while the main process's has
  std::vector<const Process *> robbed;  ///< workers that have lost the one that they inherited
};

/// Points into the family.
std::vector<KeyRow> key_rows(const Family &family);

/// Processes whose threads wait for the same reason, in one line: "3 workers wait in PyOS_AfterFork_Child, their thread
/// state was cleared".
struct StuckGroup {
  std::string what;    ///< "3 workers wait"
  std::string where;   ///< "PyOS_AfterFork_Child"
  std::string because; ///< "their thread state was cleared"; empty: cannot tell
  std::vector<const Process *> processes;
};

/// Points into the family.
std::vector<StuckGroup> stuck_groups(const Family &family);

EventSequence sequence_of(const Family &family, const std::vector<LibraryPack> &libraries);

std::vector<Finding> judge_family(const Family &family, const Packs &packs, const std::vector<Check> &checks);

} // namespace initorder::inspect
