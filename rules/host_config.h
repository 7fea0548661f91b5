// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A host's configuration as data: `config` of a host pack. Its words, where its modules lie, what its parameters mean.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace initorder {

/// A core parameter that fixes a scenario variable: `tls_threads_mode = 2`. Where nothing sets it, its value is that of
/// the variable's `global` in the server's program; a program without that global has no such variable.
struct ConfigVariable {
  std::vector<std::string> parameters; ///< its names; the last one that is set counts
  std::string variable;                ///< name of a scenario variable
  std::string source;
};

/// A table of functions whose address a call passes. What its fields hold the host runs in a phase, or fills itself.
struct FunctionTable {
  struct Field {
    unsigned offset = 0;  ///< in bytes
    std::string runs_in;  ///< id of a phase; empty: none
    std::string is;       ///< the function's name in the packs: "db_func_t.init"; empty: none
  };
  std::string call;
  unsigned argument = 0; ///< which one is the table's address, from 0
  std::vector<Field> fields;
  std::string source;
};

/// Where a module says which of its variables a parameter fills.
struct ParameterTables {
  std::vector<std::string> fields; ///< in source: what holds the variable's address, "param_export.param_pointer"
  std::string type_field;          ///< in source: what tells the type
  std::int64_t integer = 0;        ///< the type of an int
  // In a module's object, in bytes: rows end with one whose name is null.
  unsigned row_size = 0;           ///< 0: not described
  unsigned name_offset = 0;        ///< of a pointer to the name
  unsigned type_offset = 0;        ///< of a 32-bit number
  unsigned variable_offset = 0;    ///< of the variable's address
  std::string source;
};

/// A name that the preprocessor of the configuration knows by itself.
struct VersionDefine {
  std::string name;  ///< "KAMAILIO_{major}_{minor}"
  std::string value; ///< "{number}" (major, minor and patch, three digits each), or a text as it is; empty: it has none
  std::string since; ///< the first version that knows it, "5.7"; empty: all do
};

struct HostConfig {
  std::vector<std::string> files; ///< names of its configuration files, with '*': "kamailio*.cfg"
  // The words of its statements.
  std::vector<std::string> load_module;
  std::vector<std::string> module_path;
  std::vector<std::string> module_parameter;
  std::vector<std::string> include; ///< of a file that must be there
  std::vector<std::string> import;  ///< of one that need not be
  // Where it finds modules.
  std::string path_symbol;               ///< a pointer in the server's program, to its search path: "mods_dir"
  std::vector<std::string> folders;      ///< tried in order, where neither configuration, user nor program names any
  std::vector<std::string> module_files; ///< in a folder: "{module}.so", "{module}/{module}.so"
  std::string version_symbol;            ///< a pointer in a module's object, to a text that holds the version
  std::string program_version_symbol;    ///< a text in the program, that holds the version
  std::vector<VersionDefine> version_defines;
  std::vector<FunctionTable> function_tables; ///< what machine code alone does not show
  ParameterTables parameters;
  // What its parameters mean.
  std::vector<ConfigVariable> variables;
  std::string database_parameter; ///< a regular expression: "(.*_)?db_url"
  std::vector<std::string> database_modules; ///< the module for a URL's scheme, any of these: "db_{scheme}"
  std::string source;
};

} // namespace initorder
