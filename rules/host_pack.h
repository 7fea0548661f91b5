// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A server as data: rules/hosts/<name>.yaml. It says how its tree is laid out and built, in which
// phases it starts, and through which entry points each phase reaches its modules.
#pragma once

#include "rules/check.h"
#include "rules/host_config.h"
#include "rules/library_pack.h"
#include "rules/trace_hint.h"

#include <cstdint>
#include <string>
#include <vector>

namespace initorder {

/// A file that tells the host, and optionally a text that it must hold.
struct FileMark {
  std::string file;     ///< relative to the root
  std::string contains; ///< empty: the file need only be there
};

/// One way in which the host's tree has been laid out over its history.
struct Layout {
  std::string name;                        ///< "src/ (5.0 and later)"
  std::vector<FileMark> recognise;         ///< all must hold
  std::vector<std::string> modules;        ///< folders whose sub-folders are modules, each a linkage unit
  std::vector<std::string> exclude;        ///< folders that are no part of the server (tools, tests)
  std::vector<std::string> include_paths;  ///< -I, relative to the root
  std::vector<std::string> defines;        ///< -D
  std::vector<std::string> module_defines; ///< -D for modules only; {module} is the module's name
};

/// Through what a phase calls into the tree.
struct EntryPoint {
  enum class Kind {
    symbol,      ///< a function of each module, by name ("mod_register")
    core_symbol, ///< a function of the core, by name ("pre_init_tls")
    field,       ///< a function in a structure that each module defines ("module_exports.init_mod_f")
    table,       ///< a function in an array of structures ("param_export.param_pointer")
    constructor, ///< __attribute__((constructor))
    link,        ///< ELF constructors of the libraries that a module links (library packs, on_load)
    interposer,  ///< none is called: functions of a library that the tree defines itself, under their own name
  };
  Kind kind = Kind::symbol;
  std::vector<std::string> names;         ///< alternatives: the first that a module has is taken
  std::vector<std::int64_t> arguments;    ///< known values of the first parameters (a rank)
  /// For a table: the row counts only if this field has these bits set (PARAM_USE_FUNC).
  std::string flag_field;
  std::uint64_t flag_bits = 0;
  bool one_of = false; ///< each row is run only if the configuration asks for it
  /// Only modules that have called this function of the core are entered; in a tree without it, all are. Where the
  /// pack gives the function an effect, the simulation tells who has called it; else any mention in the source counts.
  std::string if_calls;
  std::string effect; ///< of kind interposer: the effect of having the definition
};

/// A named stretch of the start-up. Phases run in the order in which the pack lists them.
struct Phase {
  std::string id;          ///< "mod-init"
  std::string title;       ///< "init_modules(): every module's mod_init"
  ProcessRole process = ProcessRole::main;
  bool before_fork = false;///< a worker that inherits this process's state is forked later
  bool fork = false;       ///< here the main process forks: at-fork handlers run
  bool parent_ends = false;///< of such a fork the child goes on as the main process, and the parent ends
  bool module_by_module = false; ///< each module goes through this phase and the next one before it is another's turn
  std::vector<std::string> opened_by; ///< core functions whose call opens the phase: the first one found
  std::vector<EntryPoint> entries;
  std::string source;
};

/// A moment that rules refer to by name. The first alternative that a sequence has is taken.
struct Milestone {
  struct Alternative {
    std::string phase_begins;   ///< phase id; empty: an event
    Selector event;             ///< the first event that matches
    std::string module;         ///< the event's module; empty: any
  };
  std::string id;               ///< "tls-keys-fixed"
  std::string title;
  std::vector<Alternative> alternatives;
};

/// Something that the order depends on.
struct ScenarioVariable {
  std::string name;                    ///< "tls_threads_mode"
  std::string title;
  std::string global;                  ///< the host's global variable; empty: none
  std::vector<std::string> also_globals; ///< other globals that hold the same value
  std::string load_order_of;           ///< a module: values are first, last, absent (not loaded at all)
  std::vector<std::string> values;     ///< to enumerate; the first is the default
  std::string only_with;               ///< a module: where it is absent, the variable has its default
  bool alone = false; ///< other values than the default are combined with the newest version of a library only
};

/// A global whose value follows from the place ("process_no" is 0 in the main process).
struct PlaceVariable {
  std::string global;
  std::int64_t in_main = 0;
  std::int64_t in_worker = 0;
};

struct HostPack {
  std::string name;  ///< "kamailio"
  std::string title; ///< "Kamailio SIP server"
  std::string file;  ///< the pack's path, for messages
  std::vector<Layout> layouts;
  std::vector<Phase> phases;
  std::vector<Milestone> milestones;
  std::vector<ScenarioVariable> scenario;
  std::vector<PlaceVariable> place_variables;
  std::vector<LibraryFunction> functions; ///< of the host itself: its fork wrapper, its database API
  HostTrace trace;
  HostConfig config;
  std::vector<Mention> mentions; ///< where its milestones name effects; for load_packs
};

} // namespace initorder
