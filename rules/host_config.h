// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A host's configuration as data: `config` of a host pack. Its words, where its modules lie, what its parameters mean.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace initorder {

/// A core parameter that fixes a scenario variable: `tls_threads_mode = 2`.
struct ConfigVariable {
  std::vector<std::string> parameters; ///< its names; the last one that is set counts
  std::string variable;                ///< name of a scenario variable
  /// What it is where nothing sets it, by version: the last whose `since` the server has reached.
  struct Default {
    std::string since; ///< "5.8"; a server before the first has no such variable
    std::string value;
  };
  std::vector<Default> defaults;
  std::string source;
};

/// What the host's manual asks of the order of modules: "tls before any module that uses OpenSSL".
struct LoadOrder {
  std::string module;                 ///< "tls"
  std::vector<std::string> libraries; ///< names of library packs: modules that bring their objects come later
  std::string effect;                 ///< what it is called where a module comes before: "tls.late"
  std::string why;
  std::string source;
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
  std::vector<std::string> folders;      ///< tried in order, if neither the configuration nor the user names any
  std::vector<std::string> module_files; ///< in a folder: "{module}.so", "{module}/{module}.so"
  std::string version_symbol;            ///< of a module's object: points to a text that holds the version
  std::string version_define;            ///< what the preprocessor defines: "KAMAILIO_{major}_{minor}"
  // What its parameters mean.
  std::vector<ConfigVariable> variables;
  std::vector<LoadOrder> orders;
  std::string database_parameter; ///< a regular expression: "(.*_)?db_url"
  std::string database_module;    ///< the module for a URL's scheme: "db_{scheme}"
  std::string source;
};

} // namespace initorder
