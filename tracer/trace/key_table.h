// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Thread-specific keys in the order in which they were created: whose each number is, who holds a value, who cleared
// it.
#pragma once

#include "rules/event.h"
#include "rules/host_pack.h"
#include "rules/library_pack.h"
#include "tracer/trace/processes.h"

#include <string>
#include <vector>

namespace initorder::trace {

struct KeyRow {
  std::int64_t number = 0;
  ProcessNumber process{};   ///< that created it; processes forked later have it too
  std::string owner;         ///< the object that called, "libcrypto.so.3"; empty: the stack does not say
  SourcePlace site;          ///< of that call
  std::string site_function; ///< empty: stripped
  Place place;               ///< phase, module and so on
  std::string destructor;    ///< "free_state", or "tls.so+0x1a2b"; empty: none
  /// Processes whose first thread holds a value at the end (of the process, or of the trace).
  std::vector<ProcessNumber> holders;
  /// Of these, the most that hold one and the same address in shared memory: they write to one object. Never just one.
  std::vector<ProcessNumber> sharers;
  /// Calls that cleared it, by site.
  struct Clearing {
    std::string object;
    SourcePlace site;
    std::vector<ProcessNumber> processes;
  };
  std::vector<Clearing> cleared;
  std::vector<ProcessNumber> deleted; ///< in these
};

struct KeyTable {
  std::vector<KeyRow> rows;
  std::size_t left_out = 0; ///< more keys than the table holds (1024); of processes it looks at the first 4096
};

KeyTable key_table(const std::vector<Record> &records, const Processes &processes, const HostPack &host,
                   const std::vector<LibraryPack> &libraries);

} // namespace initorder::trace
