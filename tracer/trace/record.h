// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the tracer writes down, as plain values: one Record for each line of a trace file. Nothing here knows of ptrace
// or ELF; whoever reads a trace (the verdict, `initorder report`, a test) needs no more than this header.
//
//   t0 process 0 calls pthread_key_create   Called{call 7, ...}
//   t1 it returns: the key is known         Returned{call 7, outputs {"key": 3}}
#pragma once

#include "rules/event.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace initorder::trace {

/// A process of the trace, numbered from 0 in the order in which they appear. The kernel reuses pids; these are unique.
enum class ProcessNumber : std::uint32_t {};

/// The number of a Called record within the trace, from 1.
enum class CallNumber : std::uint64_t {};

/// A place in machine code: `object` is the file that is mapped there.
struct Frame {
  std::string object;       ///< path as the process sees it; empty: no file is mapped there (generated code)
  std::uint64_t offset = 0; ///< address within the object as its symbols count (st_value); without an object: the address
  std::string function;     ///< the symbol whose size covers the address; empty: stripped
  std::uint64_t into = 0;   ///< bytes from the function's start
  SourcePlace source;       ///< from DWARF, if there is any; line 0: not known
};

/// What kind of memory an address points into.
enum class Memory : std::uint8_t {
  none,      ///< null
  unmapped,  ///< no mapping there: a number, not a pointer
  heap,      ///< private and anonymous: brk, malloc's arenas, a private mmap
  stack,     ///< a thread's or the process's stack
  data,      ///< a loaded object's own data or code
  shared,    ///< a shared mapping: other processes see the same memory
  unknown,   ///< could not be read
};

/// An argument or a result, by the name that the pack gives it.
struct Value {
  std::string name;
  std::int64_t number = 0;       ///< the register's or memory's content, sign-extended from its type's width
  std::optional<Memory> memory;  ///< of a pointer: what it points into
  std::optional<Frame> function; ///< of a function pointer
  std::optional<std::string> text; ///< of a string: at most 256 bytes, then "…"
};

/// First record of each trace.
struct Began {
  std::string version;                ///< of initorder
  std::string started;                ///< "2026-11-22T18:25:37.123Z"
  std::vector<std::string> command;
  std::string host;                   ///< the host pack; empty: none fits, and there are no phases and modules
  std::string machine;                ///< "x86_64"
  std::string system;                 ///< "Linux 6.1.0-18-amd64"
};
struct ProcessStarted {
  enum class How : std::uint8_t { launched, forked, vforked, cloned, attached };
  How how = How::launched;
  std::int32_t pid = 0;
  std::optional<ProcessNumber> parent;
  std::int32_t parent_thread = 0;     ///< tid of the thread that forked; 0: launched
  bool by_host = false;               ///< through a function that the host pack says forks: a worker
};
/// The host itself says what a process is ("udp receiver child=1"), or the name is known otherwise.
struct ProcessNamed { std::string name; };
struct ProcessExecuted { std::string program; };
struct ProcessEnded {
  std::optional<int> status;          ///< of exit()
  std::optional<int> signal;          ///< that killed it
};
struct ThreadStarted { std::int32_t started = 0; }; ///< tid of the new thread; Record::thread is its creator
struct ThreadEnded {};
struct ObjectLoaded {
  std::string object;                 ///< path as the process sees it
  std::string build_id;               ///< lower-case hexadecimal; empty: none
  std::uint64_t base = 0;             ///< added to the object's addresses (l_addr)
};
struct ObjectUnloaded { std::string object; };
/// A function of the host that the host pack names has been entered (left): a phase is open on this thread.
struct PhaseBegan { std::string phase; std::string function; };
struct PhaseEnded { std::string phase; };
/// One module's turn in a phase: its mod_init(), its child_init(rank), its constructors.
struct EntryBegan {
  std::string module;                 ///< "tls"
  std::string phase;                  ///< "child-init"
  std::string entry;                  ///< what is called, in the pack's words: "child_init"
  std::vector<std::int64_t> arguments; ///< (rank)
};
struct EntryEnded {
  std::string module;
  std::string entry;
  std::optional<std::int64_t> result; ///< none: left without returning (exit, longjmp)
};
/// A function that a library pack names has been called.
struct Called {
  CallNumber call{};
  std::string function;               ///< the pack's name for it
  std::string library;                ///< the pack
  std::vector<std::string> effects;   ///< of the pack's effects, those whose tests the arguments pass; may be empty
  std::vector<Value> arguments;
  std::vector<Frame> stack;           ///< [0] is the called function itself, then its caller and so on
};
struct Returned {
  CallNumber call{};
  std::optional<std::int64_t> result;
  std::vector<Value> outputs;
};
struct SignalReceived { int signal = 0; };
/// A function has been called as often as is recorded in this process. Its code is as it was from here on, and how often it is
/// called after that is not known.
struct BudgetSpent {
  std::string function;               ///< as in Called
  std::string library;
  unsigned calls = 0;                 ///< recorded; those of the processes that it was forked from among them if in_children
  bool in_children = false;           ///< nor is it recorded in those that this process forks from now on; else they begin anew
};
/// Something that is not in the trace, or not certain: "no more than 32 signals of one kind are recorded in one process".
struct Remarked { std::string text; };
/// The server is up, as the host pack understands it.
struct CameUp {};
/// Last record of a trace that ended in order.
struct Finished {
  enum class Why : std::uint8_t { all_ended, detached, interrupted };
  Why why = Why::all_ended;
};

struct Record {
  std::uint64_t number = 0;           ///< order of arrival at the tracer, from 0, no gaps
  std::chrono::nanoseconds at{0};     ///< CLOCK_MONOTONIC, since the tracer began
  ProcessNumber process{};
  std::int32_t thread = 0;            ///< tid; a process's first thread has its pid
  /// Where it stands: the innermost open phase and module of this thread; empty: none.
  std::string phase;
  std::string module;
  std::variant<Began, ProcessStarted, ProcessNamed, ProcessExecuted, ProcessEnded, ThreadStarted, ThreadEnded,
               ObjectLoaded, ObjectUnloaded, PhaseBegan, PhaseEnded, EntryBegan, EntryEnded, Called, Returned,
               SignalReceived, BudgetSpent, Remarked, CameUp, Finished>
      what;
};

/// Whoever takes records as they come: a file, a live view, a verdict, a test. Called in order of Record::number.
struct Sink {
  virtual ~Sink() = default;
  virtual void take(const Record &record) = 0;
};

} // namespace initorder::trace
