// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The identifiers of a C file, sorted by where they stand. No preprocessing, no parsing: this is
// what a few milliseconds a file can tell.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace initorder {

/// A function body or a macro, and what it mentions.
struct Definition {
  std::string name;
  bool own = false;                     ///< a static function, or a macro: only who includes the file sees it
  std::vector<std::string> mentions;    ///< sorted, each once; without what it declares itself
  std::vector<std::string> calls;       ///< of those, the ones that a '(' follows
  std::vector<std::string> field_calls; ///< "init" for x->init(...)
  std::vector<std::string> parameters;  ///< words of its parameter list
  bool plain = false;                   ///< a function that takes and returns no pointers
  /// {"run_thread", "work"} for run_thread(work, x): a name that is an argument by itself.
  std::vector<std::pair<std::string, std::string>> passes;
};

struct FileWords {
  std::vector<Definition> definitions;
  std::vector<std::string> top_level;   ///< mentioned outside functions; sorted, each once
  std::vector<std::string> tables;      ///< of those, the ones in initialisers
  /// Who is given what: {"init", "db_mysql_init"} for x->init = db_mysql_init and .init = db_mysql_init. What a
  /// call returns is not counted.
  std::vector<std::pair<std::string, std::string>> field_assignments;
  std::vector<std::pair<std::string, std::string>> variable_assignments;
  std::vector<std::string> included_sources; ///< "tls_bio.c" for #include "../tls/tls_bio.c"
};

/// "if", "return" and the like: a word with which no declaration begins.
bool begins_statement(const std::string &word);

/// A file that cannot be read gives no words.
FileWords read_words(const std::filesystem::path &file);

} // namespace initorder
