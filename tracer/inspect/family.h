// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which processes are one server: those that run one program and were forked from each other.
#pragma once

#include "rules/packs.h"
#include "rules/result.h"
#include "tracer/inspect/picture.h"

#include <string>
#include <vector>

#include <sys/types.h>

namespace initorder::inspect {

/// One process of the machine.
struct ProcessEntry {
  pid_t pid = 0;
  pid_t parent = 0;
  std::string name;              ///< comm
  std::pair<std::uint64_t, std::uint64_t> program{}; ///< device and inode of its executable; 0: not to be had
};

/// All that /proc lists now, by pid. Without their programs.
std::vector<ProcessEntry> list_processes();

/// The families of these processes, each with its first process first: up while the parent runs the same program, then
/// down. `processes`: as list_processes() gives them.
std::vector<std::vector<pid_t>> families_of(std::vector<ProcessEntry> &processes, const std::vector<pid_t> &wanted);

/// The family of one process, as it is now.
std::vector<pid_t> family_of(pid_t pid);

/// Those whose comm, or whose executable's file name, is this.
std::vector<pid_t> named(const std::vector<ProcessEntry> &processes, const std::string &name);

enum class Manner {
  running, ///< nobody notices
  stopped, ///< each process stands still while it is read, one after the other
};

/// Reads a family. What ends meanwhile, or does not stop, is left out, with a remark. Errors: the first process's.
Result<Family> read_family(const std::vector<pid_t> &pids, const Packs &packs, Manner manner = Manner::running);

/// Cores of one server or of several: those of one program are a family. Errors: that of the first that cannot be read.
Result<std::vector<Family>> read_cores(const std::vector<std::string> &files, const Packs &packs);

} // namespace initorder::inspect
