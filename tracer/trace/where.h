// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// In which phase, and during which module's turn, each record stands.
#pragma once

#include "rules/host_pack.h"
#include "tracer/trace/record.h"

#include <map>
#include <string>
#include <vector>

namespace initorder::trace {

struct Where {
  std::string phase;                 ///< between two phases: the one that ended last; before the first: the first (empty: attached)
  std::string opened_by;             ///< the host's function that opened the phase; empty: none is open
  const EntryBegan *entry = nullptr; ///< innermost on this thread
};

/// "child_init(-127) of tls".
std::string describe(const EntryBegan &entry);

/// Points into the records. Answers for calls.
class Wheres {
public:
  Wheres(const std::vector<Record> &records, const HostPack &host);
  const Where &at(const Record &call) const { return by_number_.at(call.number); }

private:
  std::map<std::uint64_t, Where> by_number_;
};

} // namespace initorder::trace
