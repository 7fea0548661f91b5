// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a file asks of the loader: other objects, other objects' symbols, words that are to hold addresses.
#pragma once

#include "tracer/address.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace initorder::elf {

struct Linkage {
  std::string soname;               ///< DT_SONAME; empty: none
  std::vector<std::string> rpath;   ///< DT_RPATH, as it is written
  std::vector<std::string> runpath; ///< DT_RUNPATH, as it is written
  std::map<FileAddr, std::string> imports; ///< words that will hold the address of another object's symbol
  std::map<FileAddr, FileAddr> pointers;   ///< words that will hold an address of this object, moved
  std::set<std::string> sections;

  /// What the word will point to in this object.
  std::optional<FileAddr> pointer(FileAddr word) const {
    const auto found = pointers.find(word);
    return found == pointers.end() ? std::nullopt : std::optional(found->second);
  }
};

} // namespace initorder::elf
