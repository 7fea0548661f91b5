// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A file's own .symtab, by name.
#pragma once

#include "tracer/elf/image.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace initorder::elf {

class StaticSymbols {
public:
  explicit StaticSymbols(const Image &image);
  /// A global definition, else the only address that static ones of this name have.
  std::optional<Symbol> find(const HashedName &name) const;

private:
  std::string_view symbols_, names_;
  std::vector<std::uint32_t> first_; ///< by hash modulo a power of two: an index into the table; 0: none
  std::vector<std::uint32_t> next_;  ///< by index: the next one with the same remainder; 0: none
};

} // namespace initorder::elf
