// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One process to look at, live or in a core file: its memory, its mappings, its threads. Nothing here writes to it,
// stops it, or runs anything in it.
#pragma once

#include "rules/result.h"
#include "tracer/elf/mappings.h"
#include "tracer/elf/object.h"
#include "tracer/remote_memory.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace initorder::inspect {

/// Where a thread sleeps. Its other registers are not to be had without stopping it.
struct Asleep {
  std::int64_t system_call = -1; ///< -1: in none (a page fault, or stopped)
  std::array<std::uint64_t, 6> arguments{};
  RemoteAddr sp{};
  RemoteAddr pc{};

  friend bool operator==(const Asleep &, const Asleep &) = default;
};

inline constexpr std::size_t kMostThreads = 65536; ///< of one process: what is more is not looked at

struct TargetThread {
  pid_t tid = 0;
  pid_t inner_tid = 0; ///< in its own pid namespace
  std::string name;
  std::optional<Asleep> asleep; ///< none: it runs, or we may not know
  std::optional<elf::UnwindRegisters> registers; ///< all of them: of a core, or of a thread that was stopped
};

struct Target {
  virtual ~Target() = default;
  virtual const RemoteMemory &memory() const = 0;
  /// The program itself. Errors: as Object::open().
  virtual Result<std::shared_ptr<const elf::Object>> program() const = 0;
  /// The object that has this path for the process and is mapped at `where`: the file that is mapped, not a newer one
  /// that has taken its name. Errors: as Object::open(); gone.
  virtual Result<std::shared_ptr<const elf::Object>> object(const std::string &path, RemoteAddr where) const = 0;
  /// Where the thread sleeps now, asked again.
  virtual std::optional<Asleep> asleep_now(const TargetThread &thread) const { return thread.asleep; }

  pid_t pid = 0;
  pid_t inner_pid = 0;
  pid_t parent = 0;
  std::string name;         ///< comm
  std::string program_path; ///< as the process sees it
  std::string core;         ///< the file; empty: live
  std::uint64_t entry = 0;       ///< AT_ENTRY
  std::uint64_t loader_base = 0; ///< AT_BASE
  std::vector<elf::Mapping> mappings; ///< by address
  std::vector<TargetThread> threads;

  const elf::Mapping *mapping_at(RemoteAddr address) const;
  /// Whether it was stopped, or is a core: to look again shows nothing new.
  bool stands() const { return !threads.empty() && threads.front().registers; }
};

/// The files that the processes of one family map, each opened once.
using Objects = std::shared_ptr<elf::ObjectCache>;

/// Errors: gone, denied (says what to grant), unsupported.
Result<std::unique_ptr<Target>> open_live(pid_t pid, Objects objects);
/// A core file; the objects are those of this machine, if they are the same builds. Errors: gone, denied, malformed,
/// unsupported.
Result<std::unique_ptr<Target>> open_core(const std::string &path, Objects objects);

} // namespace initorder::inspect
