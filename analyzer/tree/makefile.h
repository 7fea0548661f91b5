// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a module's Makefile says of its compilation, as far as it can be read without make.
#pragma once

#include "rules/event.h"

#include <filesystem>
#include <string>
#include <vector>

namespace initorder {

struct MakefileFacts {
  struct Library {
    std::string name; ///< "curl" for -lcurl
    SourcePlace at;
  };
  std::vector<std::string> flags;   ///< -D and -I words of DEFS, outside conditionals
  std::vector<Library> libraries;   ///< -l words of LIBS, in whichever conditional
};

/// Reads DEFS and LIBS assignments. Words with make variables or shell calls in them are left out.
/// A file that is not there gives empty facts. `shown` is the file's name in places.
MakefileFacts read_makefile(const std::filesystem::path &file, const std::string &shown);

} // namespace initorder
