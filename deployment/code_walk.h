// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which functions of other objects a function's machine code calls: a walk over x86-64 code, through calls within the
// object, past the branches that known values rule out. Calls through pointers and jump tables are not followed: what is
// found can be reached as far as the code shows, what is not found may be reached all the same.
#pragma once

#include "deployment/machine_state.h"
#include "tracer/elf/object.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace initorder::deployment {

/// A call of another object's function.
struct CodeCall {
  std::string symbol;
  std::array<MachineValue, 6> arguments{};
  FileAddr site{};                 ///< of the call instruction
  FileAddr function{};             ///< that holds it
  std::vector<FileAddr> path;      ///< sites of the calls that lead there, outermost first
};

/// What code does with an object's variables, but for reading them.
struct WrittenWords {
  std::map<FileAddr, std::uint32_t> stored; ///< it writes so many bytes there
  std::set<FileAddr> given;                 ///< addresses that are in argument registers at some call
  std::set<FileAddr> loaded;                ///< words with addresses that it takes from there

  void add(const WrittenWords &other);
};

/// What the walk may take as given.
struct CodeFacts {
  std::map<std::string, std::int64_t> globals; ///< 32-bit variables of the server, by name
  std::set<std::string> never_return;          ///< functions
  std::map<FileAddr, std::string> fields;      ///< words of this object that a call fills with functions: their names
  std::map<FileAddr, std::int32_t> words;      ///< 32-bit variables of this object that nothing in it writes
  std::set<FileAddr> nulls;                    ///< pointers of this object that are null, and that nothing in it writes

  friend bool operator==(const CodeFacts &, const CodeFacts &) = default;
};

/// What a walk has found, and where it could not go on.
struct CodeCalls {
  std::vector<CodeCall> calls;
  /// By function of this object: which functions call it, and where.
  std::map<FileAddr, std::set<std::pair<FileAddr, FileAddr>>> callers;
  std::set<FileAddr> not_followed; ///< calls and jumps through pointers
  WrittenWords written;
  bool is_cut = false;             ///< there is more code than the walk's bounds allow
};

/// What one entry point leads to. Bounded: see the source.
CodeCalls calls_from(const elf::Object &object, const elf::Linkage &linkage, const CodeFacts &facts, FileAddr entry, const std::vector<std::int64_t> &arguments);

/// What a function may come to.
struct Reach {
  std::set<FileAddr> instructions;
  bool is_all = false; ///< any instruction: it cannot be told

  bool contains(FileAddr instruction) const { return is_all || instructions.contains(instruction); }
};

/// Where a function that has made the call at `from` may go on, whatever is known of values.
Reach reach_of(const elf::Object &object, const elf::Linkage &linkage, FileAddr from);

} // namespace initorder::deployment
