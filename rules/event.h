// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What happened (or would happen) during start-up. The analyzer and the tracer both produce these
// values, and the rule engine judges them without knowing which of the two it listens to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace initorder {

/// A place in a text. `file` is relative to the scanned root, with '/' between folders.
struct SourcePlace {
  std::string file;
  unsigned line = 0;   ///< from 1; 0: not known
  unsigned column = 0; ///< from 1; 0: not known

  friend auto operator<=>(const SourcePlace &, const SourcePlace &) = default;
};

enum class ProcessRole : std::uint8_t { main, worker };

enum class ThreadRole : std::uint8_t {
  main,      ///< the thread that runs the host's main(), or a worker's first thread
  temporary, ///< started and joined by the code that started it
  other,     ///< started and left running
};

/// Where in the server's life something happens.
struct Place {
  std::string phase;             ///< id of a phase of the host pack: "mod-init"
  ProcessRole process = ProcessRole::main;
  unsigned process_id = 0;       ///< tells workers apart; 0 is the main process
  ThreadRole thread = ThreadRole::main;
  std::string module;            ///< the module whose entry point runs; "core" for the host itself
  unsigned parent_id = 0;        ///< process_id of the process that forked it; 0 too if that is not known
};

/// One step of the way from an entry point to an event.
struct PathStep {
  SourcePlace at;       ///< of the call (or, for the first step of a path, of the phase's opening call)
  std::string function; ///< the function in which the step stands; empty for a phase
  std::string text;     ///< what is done there: "calls db_do_init()", "mod-init: init_modules()"
};

/// Whether the code does this each time it runs through its phase.
enum class Certainty : std::uint8_t {
  always, ///< on every way that starts the server
  maybe,  ///< depends on a condition that the scenario does not fix
};

/// One effect at one place. Events of one sequence are ordered: a main process's events in the order
/// in which they happen; a worker's events follow those of the main process that precede its fork.
struct Event {
  std::string effect;       ///< "openssl.thread-state.create"
  std::string call;         ///< the library function: "RAND_bytes"; "db_func_t.init" for a call through a field
  std::string library;      ///< name of the pack that names it: "openssl"
  std::string why;          ///< the pack's sentence on how the call has this effect
  std::string source;       ///< the pack's source for that
  Place place;
  SourcePlace site;         ///< of the call
  std::string site_function;///< the function that holds the call
  std::string site_unit;    ///< the linkage unit that holds the call: a module's name or "core"
  std::string object;       ///< observed only: the file name of the object that holds the call, "libcrypto.so.3"
  std::vector<PathStep> path; ///< outermost first; ends in the step that makes the call
  std::vector<std::string> conditions; ///< undecided conditions on the path: "use_db != 0 (a.c:12)"
  Certainty certainty = Certainty::always;
  std::vector<std::string> unless_earlier; ///< effects after which this one is not: CallEffect's
  /// Joins an opening event with its closing one (a connection, a thread). A simulated closing event
  /// is emitted only when it follows on every way that starts the server.
  std::optional<std::uint64_t> resource;
  unsigned child = 0; ///< Place::process_id of the process that the call forks; 0: it forks none, or that is not known
};

/// One setting of what the order depends on: {"tls_threads_mode": "1", "tls": "first"}.
using Scenario = std::map<std::string, std::string>;

/// All events of one scenario, in order.
struct EventSequence {
  Scenario scenario;
  std::vector<Event> events;
};

} // namespace initorder
