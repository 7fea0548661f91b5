// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which files can lie between an entry point and an effect: the others are not parsed.
#pragma once

#include "analyzer/tree/source_tree.h"

#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace initorder {

/// The names that matter: library and host functions with an effect, and what the host's phases call.
struct Seeds {
  std::unordered_set<std::string> names;  ///< functions, macros
  std::unordered_set<std::string> fields; ///< function pointers in structures
  std::unordered_set<std::string> forks;  ///< functions that make a process
  std::unordered_set<std::string> leaves; ///< functions by which a process ends: they matter where one is made
  std::unordered_set<std::string> entry_words; ///< structures and functions through which the host enters a module
  std::unordered_set<std::string> asked_for; ///< functions of the core by which a module asks for an entry
  std::unordered_set<std::string> deciders;  ///< variables that say which process or scenario it is
};

struct Kept {
  std::vector<unsigned> files; ///< indices into tree.files, ascending
  /// Functions in headers from which something in `Seeds` can be reached: their bodies must be read.
  std::unordered_set<std::string> header_functions;
  /// Every name from which a seed can be reached, in whichever module, and the seeds, with those that leave.
  std::unordered_set<std::string> names;
  std::unordered_set<unsigned> enterable; ///< units that the host can enter: they have an entry word
  /// Of Seeds::asked_for, those that the core has, with the units that call them.
  std::unordered_map<std::string, std::unordered_set<unsigned>> asking;
  /// Function pointers, in structures and in variables: those that are given some name, and of these the ones
  /// that are given a name that matters.
  std::unordered_set<std::string> given_fields, fields, given_variables, variables;
};

/// A file is kept when a function in it mentions a seed, or mentions something that does, in any number of
/// steps. Names of a module count in that module; names of the core and of headers count everywhere.
Kept rule_out(const SourceTree &tree, const Seeds &seeds, unsigned jobs);

} // namespace initorder
