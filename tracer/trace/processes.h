// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Who is who in a trace: which process is the server's main one, which are its workers.
//
//   t0 shell (0) forks 1           other: it never was the server
//   t1 1 executes the server       main: from here on
//   t2 1 forks 2, 2 forks 3        daemonize(): 1 and 2 exit, 3 goes on; what 1 and 2 did until then is 3's past
//   t3 3 forks 4 by fork_process() worker
//   t4 3 forks 5 by fork()         worker too, with a remark
//
// In a trace of a server that ran already the first process is the main one, and its children are workers: how they
// began is not known.
#pragma once

#include "rules/host_pack.h"
#include "tracer/trace/record.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace initorder::trace {

/// A process, as the trace tells of it. Times are Record::number.
struct Process {
  enum class Role { main, worker, other }; ///< other: another program, or a parent that the daemon left behind
  Role role = Role::other;
  ProcessNumber number{};
  unsigned id = 0; ///< Place::process_id: 0 for the main process (and its past), others count from 1
  ProcessStarted started;
  std::uint64_t appeared = 0;
  std::optional<std::uint64_t> executed; ///< last time
  std::optional<std::uint64_t> ended;
  std::optional<ProcessEnded> end;
  /// What it did from `counts_from` on, and before `counts_until`, is the server's.
  std::uint64_t counts_from = 0;
  std::uint64_t counts_until = 0;
  std::string name;    ///< "udp receiver child=1", or what it is to us: "main process"
  std::string program; ///< last one executed
};

struct Processes {
  std::map<ProcessNumber, Process> all;
  ProcessNumber main{};             ///< 0 in an empty trace
  std::vector<std::string> remarks; ///< what was assumed
  const Process *find(ProcessNumber number) const {
    const auto found = all.find(number);
    return found == all.end() ? nullptr : &found->second;
  }
  bool attached = false;            ///< what the server did before the first record is not known
  /// Whether what this record tells was done by the server: by its main process, that one's past, or a worker.
  bool counts(const Record &record) const;
};

Processes processes_of(const std::vector<Record> &records, const HostPack &host);

} // namespace initorder::trace
