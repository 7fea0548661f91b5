// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a pack tells the tracer about a function: where to stop in it, how often, and what to write down.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace initorder {

/// An argument worth writing down, in the order of the parameters. YAML: {key: out-integer}.
struct TracedArgument {
  enum class Type : std::uint8_t {
    skip,        ///< `_: skip`: not written down, counts as a parameter
    integer,
    pointer,     ///< what kind of memory it points into is written down too
    function,    ///< a pointer to a function, written down by name
    text,        ///< a C string
    out_integer, ///< points to 4 bytes that the call fills
    out_pointer, ///< points to a pointer that the call fills
  };
  std::string name;
  Type type = Type::integer;
};

/// YAML: `trace: no`, `trace: yes`, or `trace: {arguments: [...], result: true, first: 8, slow-path: true,
/// symbols: [__register_atfork]}`. A map means `yes` too: what is to be written down is to be stopped at.
///
/// Without a hint a function is traced if it has an effect that no pack marks `measured` somewhere. An effect that is
/// `measured: true` at one function (openssl.thread-state.create at CRYPTO_THREAD_set_local) is only seen there: what
/// other functions say of it is a prediction, for the analyzer.
struct TraceHint {
  bool off = false;              ///< never stop here
  bool always = false;           ///< stop and write down the call even if it has no effect of its own
  std::optional<unsigned> first; ///< only so many calls in each process (a forked one counts anew); later ones cost
                                 ///< nothing
  bool slow_path = false;        ///< stop at the target of the first conditional branch, behind which the work is done
  bool result = false;           ///< write down what it returns
  std::vector<TracedArgument> arguments;
  /// What it is called in a shared object, if not by its name: the first of these that the object defines.
  std::vector<std::string> symbols;
};

/// How a host's modules are found in its memory. YAML: in `trace: {modules: ...}` of a host pack.
struct TracedModules {
  std::string symbol;            ///< a data symbol that each module's object defines: "exports". {module} is the
                                 ///< file's name without ".so"
  std::string interface_symbol;  ///< a data symbol of the same object that says which layout this is; empty: any
  std::vector<std::int64_t> interface_values; ///< (32-bit) values of it that have this layout
  unsigned name_offset = 0;      ///< of the pointer to the module's name, in bytes
  unsigned parameters_offset = 0; ///< of the pointer to its table of parameters (ParameterTables); 0: not described
  struct Entry {
    std::string phase_entry;     ///< what it is called: "mod_init"
    unsigned offset = 0;         ///< of the function pointer, in bytes
    std::vector<std::string> phases; ///< in which it runs; empty: in none that the pack names (at exit)
    unsigned arguments = 0;      ///< how many integer arguments are worth writing down
  };
  std::vector<Entry> entries;
  std::string source;
};

/// A host's part that only the tracer reads. YAML: `trace:` in a host pack.
struct HostTrace {
  std::vector<std::string> programs; ///< file names of the server's executable: "kamailio"
  std::vector<TracedModules> modules; ///< the first that fits is taken
  std::string up_phase;              ///< the server is up when this phase has ended in the main process, and
                                     ///< each worker that was forked has ended its own
  std::string process_name_argument; ///< of a function that forks: the traced argument that names the new process
};

} // namespace initorder
