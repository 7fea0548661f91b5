// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is known of the traced processes and threads.
#pragma once

#include "rules/trace_hint.h"
#include "tracer/elf/link_map.h"
#include "tracer/elf/mappings.h"
#include "tracer/elf/process_memory.h"
#include "tracer/elf/unwind.h"
#include "tracer/process/breakpoints.h"
#include "tracer/process/tracee.h"
#include "tracer/trace/record.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace initorder {

/// A module of the host: a loaded object with the structure that its host pack describes.
struct Module {
  std::string object;                  ///< path, as in the link map
  std::uint64_t bias = 0;
  RemoteAddr description{};            ///< of the structure
  const TracedModules *layout = nullptr;
  std::string name;                    ///< the file's, until the structure has been read
  bool armed = false;                  ///< the structure has been read, its functions have breakpoints
};

/// Memory and what is mapped there: one for each process but for those that share it (vfork, CLONE_VM).
struct AddressSpace {
  AddressSpace(pid_t pid, CodeLedger &ledger) : pid(pid), memory(pid), breakpoints(pid, ledger) {}
  AddressSpace(const AddressSpace &parent, pid_t child)
      : pid(child), memory(child), breakpoints(parent.breakpoints, child), layout(parent.layout), rows(parent.rows),
        rendezvous(parent.rendezvous), scratch(parent.scratch), modules(parent.modules), hits(parent.hits), used_up(parent.used_up),
        constructors(parent.constructors), traced(parent.traced) {}

  /// `other` lives in it too, and will when `pid` does not any more.
  void hand_over(pid_t other) {
    pid = other;
    mappings.reset();
    read_through(other);
    breakpoints.hand_over(other);
  }
  /// `tid` is stopped: memory is read as its own. A process whose first thread has ended has none under its pid.
  void read_through(pid_t tid) {
    reader = tid;
    memory = elf::ProcessMemory(tid);
    breakpoints.write_through(tid);
  }

  pid_t pid;                                       ///< of a process that lives in it
  pid_t reader = pid;                              ///< a thread in it
  elf::ProcessMemory memory;
  std::optional<elf::Mappings> mappings;           ///< opened when first asked
  Breakpoints breakpoints;
  std::shared_ptr<const elf::Layout> layout;       ///< null: not known yet
  std::vector<elf::LinkMapEntry> rows;             ///< the link map as last read
  std::optional<elf::Rendezvous> rendezvous;
  RemoteAddr scratch{};                            ///< the program's entry point: runs once, before there are threads
  std::vector<Module> modules;
  std::unordered_map<std::uint32_t, unsigned> hits; ///< by probe
  /// Probes whose first calls have been seen, and where they stood. A forked child has first calls of its own.
  std::vector<std::pair<RemoteAddr, std::uint32_t>> used_up;
  std::vector<std::string> constructors;           ///< objects whose constructors have breakpoints
  bool traced = true;                              ///< false: a program that cannot be traced
};

/// A phase, or a module's turn in one, that is under way on a thread.
struct Scope {
  std::string phase;
  std::string module;  ///< empty: the phase itself
  std::string entry;   ///< "mod_init"
  std::string function; ///< of the host, that opened the phase
  bool forks = false;  ///< the host's function that forks: a process that begins now is a worker
  bool waits = false;  ///< its return is waited for
  RemoteAddr sp{};     ///< the stack pointer after it has returned: when the thread's is there, the scope is over
};

/// A call whose return is waited for.
struct PendingReturn {
  RemoteAddr at{};
  RemoteAddr sp{};
  trace::CallNumber call{}; ///< 0: the call of a scope
  std::uint32_t probe = 0;
  std::vector<std::uint64_t> arguments;
};

struct Process;

struct Thread {
  Tracee tracee;
  Process *process = nullptr;
  bool stopped = true;               ///< known to us as stopped
  bool listens = false;              ///< stopped as its process is, until SIGCONT
  std::vector<Scope> scopes;         ///< innermost last
  std::vector<PendingReturn> returns;
  std::string child_name;            ///< what the host calls the process that this thread is about to fork
};

struct Process {
  pid_t pid = 0;
  trace::ProcessNumber number{};
  std::shared_ptr<AddressSpace> space;
  std::map<pid_t, Thread> threads;
  pid_t borrower_of = 0;             ///< thread that is blocked in vfork() until this one calls exec() or ends; 0: none
  std::map<int, unsigned> signals;   ///< received, by number
  bool worker = false;               ///< forked by the host's own function
  std::string fork_phase;            ///< in which it was forked
};

} // namespace initorder
