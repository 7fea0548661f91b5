// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A library as data: rules/libraries/<name>.yaml. It says what each call does to shared state.
#pragma once

#include "rules/inspect_hint.h"
#include "rules/trace_hint.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace initorder {

/// Where something lies, once the process has forked.
enum class Memory : std::uint8_t {
  shared,  ///< one and the same for all processes
  heap,    ///< allocated; each process has a copy
  program, ///< a variable of the program; each process has a copy
};

/// "Only if this argument is (or is not) this value." An argument that is not known counts as maybe for `is`,
/// `is_not` and the bits; for the others as no.
struct ArgumentTest {
  unsigned argument = 0;            ///< from 0
  std::vector<std::int64_t> is;     ///< any of these; NULL is 0
  std::vector<std::int64_t> is_not; ///< none of these
  std::int64_t has_bits = 0;        ///< all of these bits are set; 0: not asked
  std::int64_t lacks_bits = 0;      ///< none of these bits is set
  bool is_number = false;           ///< a constant, or a variable that counts: nothing that a call has given
  std::vector<std::int64_t> points_to; ///< NULL, or to something into which a call has stored one of these
  std::optional<Memory> memory;     ///< where the thing lies that it points to
  bool never_returns = false;       ///< it is a function that ends the process, or goes on for ever

  friend bool operator==(const ArgumentTest &, const ArgumentTest &) = default;
};

/// A call runs a function that it is given.
struct RunsCallback {
  enum class When {
    now,            ///< before the call returns, on the same thread
    now_in_thread,  ///< on a thread of its own: temporary when joined, else other
    at_fork_parent_before, ///< pthread_atfork's prepare
    at_fork_parent, ///< pthread_atfork's parent
    at_fork_child,  ///< pthread_atfork's child
    at_exit,
  };
  When when = When::now;
  unsigned argument = 0;               ///< which argument is the function, from 0
  std::vector<unsigned> with;          ///< which arguments are passed on to it
};

/// Where the handle stands that joins an opening call with its closing one.
struct ResourceRef {
  enum class In { result, argument, pointed_to_by_argument };
  In in = In::result;
  unsigned argument = 0;
  bool closes = false; ///< the call ends the resource; false: it begins it
  std::optional<std::int64_t> success; ///< what the call returns when it has begun it: opening is taken to succeed
};

/// "What it returns points into such memory."
struct GivesMemory {
  Memory memory = Memory::heap;
  std::vector<ArgumentTest> when; ///< all must hold for certain
};

/// The call stores a number where an argument points to: its own, or another argument's value.
struct Stores {
  unsigned into = 0;                    ///< which argument points there
  std::optional<unsigned> argument;     ///< whose value it is
  std::int64_t number = 0;              ///< if it is no argument's
};

/// One effect of a call.
struct CallEffect {
  std::string effect;                ///< "openssl.thread-state.create"
  std::vector<ArgumentTest> when;    ///< all must hold
  std::string why;                   ///< one sentence; may be empty
  /// Only the first has it: an earlier event of the same process with one of these effects leaves nothing to do.
  std::vector<std::string> unless_earlier;
  /// Only in these versions of the library, by LibraryVersion::value; empty: in all.
  std::vector<std::string> versions;
  bool perhaps = false;              ///< even then: on what it depends, `why` says
  bool measured = false;             ///< the tracer sees this effect happen here, and only where it is so marked
  bool predicted = true;             ///< the analyzer reads it. YAML: `measured: true` is for the tracer alone,
                                     ///< `measured: also` for both
  bool on_failure = false;           ///< it has this effect when it fails (`success`), and only then; measured alone
  bool in_child = false;             ///< of a call that forks: what the new process begins with. For the analyzer alone
  bool observable = true;            ///< `measured: never`: a call does not show it to a tracer
};

/// "When this library itself makes a call with this effect, it has that effect too": whose a thread-specific key is
/// can only be seen while the program runs. Read by the tracer alone.
struct OwnCall {
  std::string effect; ///< "tsd.key.create"
  std::string means;  ///< "openssl.key.create"
  std::string why;    ///< one sentence; may be empty
  std::string source;
};

/// One library (or host) function, or a function pointer in a structure of the host.
struct LibraryFunction {
  std::string name;   ///< "RAND_bytes"; "db_func_t.init" for the field of a structure (its tag or its typedef)
  std::vector<CallEffect> effects;
  std::vector<RunsCallback> runs;
  std::optional<ResourceRef> resource;
  /// The resource that the call works on and neither opens nor closes. YAML: `resource: {uses: ...}`. Read by the
  /// tracer alone.
  std::optional<ResourceRef> uses;
  std::vector<GivesMemory> gives; ///< the first that holds
  std::optional<Stores> stores;
  /// What the call returns when it has had its effects: any other result means that it had none. The analyzer takes
  /// it that it succeeds; the tracer sees. resource->success is meant too.
  std::optional<std::int64_t> success;
  /// It comes back only when it has failed, and then with this (exec).
  std::optional<std::int64_t> only_failure;
  bool forks = false;        ///< returns twice: 0 in the new process
  bool never_returns = false;
  /// The tree's own definition, if it has one, is not looked into: the pack says all there is to say.
  bool opaque = false;
  TraceHint trace;
  std::string source; ///< where this is known from; never empty
  unsigned line = 0;  ///< in the pack, for messages
};

/// What the preprocessor is told when a header is not installed.
struct HeaderDefault {
  std::string header; ///< "openssl/opensslv.h"
  std::vector<std::string> defines; ///< "OPENSSL_VERSION_NUMBER=0x30000000L"
};

/// What its header says of one version of the library. The versions are a variable of the scenarios that has the
/// library's name.
struct LibraryVersion {
  std::string value;                  ///< "3.0": this version, and those up to the next that is listed
  std::vector<std::string> defines; ///< "OPENSSL_VERSION_NUMBER=0x30000000L"; what only other versions define, it does not
};

/// What loading a shared object does by itself (ELF constructors of a library that a module links).
struct LinkEffect {
  std::string link_library; ///< "secsipid" for -lsecsipid; empty: any of the pack's objects (not for the analyzer)
  std::string effect;
  std::string why;
  std::string source;
};

struct LibraryPack {
  std::string name;  ///< "openssl"
  std::string about; ///< one line
  std::string file;  ///< the pack's path, for messages
  std::vector<std::string> objects; ///< file names of its shared objects up to ".so": "libcrypto", "libpython3*"
  std::string version_text; ///< stands before the version in one of its objects: "OpenSSL "
  std::vector<std::string> sections; ///< of an ELF file that holds this library, whatever it is called: ".go.buildinfo"
  std::vector<HeaderDefault> headers;
  std::vector<LibraryVersion> versions; ///< ascending; empty: its version makes no difference that is known
  std::vector<LibraryFunction> functions;
  std::vector<LinkEffect> on_load;
  std::vector<OwnCall> own_calls; ///< made by its objects
  std::vector<ThreadValue> thread_values;
  std::vector<LibraryLock> locks;
  std::vector<ObservedState> states;
};

} // namespace initorder
