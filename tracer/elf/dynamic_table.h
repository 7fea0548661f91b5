// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// PT_DYNAMIC and what it leads to: the symbols that the loader knows, found as the loader finds them.
#pragma once

#include "tracer/elf/bounded.h"
#include "tracer/elf/image.h"

#include <elf.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace initorder::elf {

/// Bytes of a table that two dynamic entries describe: its address, its size. Empty: absent or not in the file.
std::string_view dynamic_bytes(const Image &image, std::int64_t address_tag, std::int64_t size_tag);
/// The value of the first entry with this tag.
std::optional<std::uint64_t> dynamic_value(const Image &image, std::int64_t tag);

/// .dynsym with its hash table: DT_GNU_HASH, else DT_HASH.
class DynamicSymbols {
public:
  explicit DynamicSymbols(const Image &image);
  std::optional<Symbol> find(const HashedName &name) const;
  std::optional<Elf64_Sym> symbol(std::uint64_t index) const { return symbols_[index]; }
  std::vector<std::string> needed(const Image &image) const;
  std::optional<std::string_view> name_of(const Elf64_Sym &symbol) const { return text(symbol.st_name); }
  std::optional<std::string_view> text(std::uint64_t offset) const { return text_at(names_, offset); } ///< of DT_STRTAB

private:
  void read_gnu_hash(std::string_view bytes);
  void read_old_hash(std::string_view bytes);
  std::optional<Symbol> find_by_gnu_hash(const HashedName &name) const;
  std::optional<Symbol> find_by_old_hash(const HashedName &name) const;
  /// Looks at row `index`; true: it is the default version of `name`, and `found` the answer.
  bool take(std::uint64_t index, std::string_view name, std::optional<Symbol> &found) const;

  Table<Elf64_Sym> symbols_;
  Table<std::uint16_t> versions_; ///< empty: no versions
  std::string_view names_;
  Table<std::uint64_t> bloom_;    ///< a power of two; empty: no DT_GNU_HASH
  std::uint32_t bloom_shift_ = 0; ///< below 32
  Table<std::uint32_t> buckets_;  ///< of either kind of table
  Table<std::uint32_t> chains_;
  std::uint32_t first_hashed_ = 0;
};

/// Whether a symbol is what a name can be looked up for: defined here, a function or an object or untyped code.
bool is_definition(const Elf64_Sym &symbol);

} // namespace initorder::elf
