// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whose each thread-specific key is.
#pragma once

#include "rules/library_pack.h"
#include "tracer/inspect/image.h"

#include <map>
#include <vector>

namespace initorder::inspect {

/// A variable of a library that holds a key's number, in one object of a process (there may be two copies of it).
struct KeyVariable {
  RemoteAddr at{};
  const LibraryPack *library = nullptr;
  const ThreadValue *value = nullptr;
  std::string object; ///< file name
};

/// Where the packs' libraries keep their keys' numbers. Holds for all processes that have these objects.
std::vector<KeyVariable> find_key_variables(const Image &image, const std::vector<LibraryPack> &libraries);

/// Gives the keys their owners: by variables, by destructors, by the look of the values that the threads hold.
void name_keys(const Image &image, const std::vector<KeyVariable> &variables, const std::vector<LibraryPack> &libraries,
               const std::vector<Thread> &threads, std::vector<Key> &keys);

} // namespace initorder::inspect
