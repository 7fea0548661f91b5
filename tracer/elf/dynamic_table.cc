// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/elf/dynamic_table.h"

#include <bit>

namespace initorder::elf {

namespace {

constexpr std::uint16_t kHiddenVersion = 0x8000; // "not the default": name@VERSION, where the default is name@@VERSION

std::uint32_t old_hash(std::string_view name) {
  std::uint32_t hash = 0;
  for (const unsigned char c : name) {
    hash = (hash << 4) + c;
    hash = (hash ^ ((hash >> 24) & 0xf0)) & 0x0fffffff;
  }
  return hash;
}

} // namespace

HashedName::HashedName(std::string_view name) : text(name), hash(5381) {
  for (const unsigned char c : name)
    hash = hash * 33 + c;
}

bool is_definition(const Elf64_Sym &symbol) {
  const auto type = ELF64_ST_TYPE(symbol.st_info);
  return symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS && symbol.st_shndx != SHN_COMMON &&
         (type == STT_FUNC || type == STT_OBJECT || type == STT_NOTYPE);
}

std::optional<std::uint64_t> dynamic_value(const Image &image, std::int64_t tag) {
  const Table<Elf64_Dyn> rows(image.dynamic_bytes);
  for (std::size_t i = 0; const auto row = rows[i]; ++i) {
    if (row->d_tag == tag)
      return row->d_un.d_val;
    if (row->d_tag == DT_NULL)
      break;
  }
  return std::nullopt;
}

std::string_view dynamic_bytes(const Image &image, std::int64_t address_tag, std::int64_t size_tag) {
  const auto address = dynamic_value(image, address_tag);
  const auto size = dynamic_value(image, size_tag);
  return address && size ? image.at(FileAddr{*address}, *size) : std::string_view();
}

// One pass over PT_DYNAMIC: with 90 objects at a start, a pass for each tag can be seen.
DynamicSymbols::DynamicSymbols(const Image &image) {
  const Table<Elf64_Dyn> rows(image.dynamic_bytes);
  std::uint64_t names = 0, names_size = 0, gnu = 0, old = 0;
  for (std::size_t i = 0; const auto row = rows[i]; ++i) {
    const auto value = row->d_un.d_val;
    switch (row->d_tag) {
    case DT_SYMTAB:
      symbols_ = Table<Elf64_Sym>(image.rest(FileAddr{value}));
      break;
    case DT_VERSYM:
      versions_ = Table<std::uint16_t>(image.rest(FileAddr{value}));
      break;
    case DT_STRTAB:
      names = value;
      break;
    case DT_STRSZ:
      names_size = value;
      break;
    case DT_GNU_HASH:
      gnu = value;
      break;
    case DT_HASH:
      old = value;
      break;
    default:
      break;
    }
    if (row->d_tag == DT_NULL)
      break;
  }
  names_ = image.at(FileAddr{names}, names_size);
  if (gnu != 0)
    read_gnu_hash(image.rest(FileAddr{gnu}));
  if (bloom_.size() == 0 && old != 0)
    read_old_hash(image.rest(FileAddr{old}));
}

void DynamicSymbols::read_gnu_hash(std::string_view bytes) {
  const Table<std::uint32_t> head(bytes.substr(0, 16));
  if (head.size() < 4)
    return;
  const std::uint64_t buckets = *head[0], bloom = *head[2];
  const auto after_bloom = 16 + bloom * 8, after_buckets = after_bloom + buckets * 4;
  if (buckets == 0 || !std::has_single_bit(bloom) || after_buckets > bytes.size())
    return;
  first_hashed_ = *head[1];
  bloom_shift_ = *head[3] % 32;
  bloom_ = Table<std::uint64_t>(bytes.substr(16, bloom * 8));
  buckets_ = Table<std::uint32_t>(bytes.substr(after_bloom, buckets * 4));
  chains_ = Table<std::uint32_t>(bytes.substr(after_buckets));
}

void DynamicSymbols::read_old_hash(std::string_view bytes) {
  const Table<std::uint32_t> head(bytes.substr(0, 8));
  if (head.size() < 2 || *head[0] == 0)
    return;
  const std::uint64_t buckets = *head[0], chains = *head[1];
  if (8 + (buckets + chains) * 4 > bytes.size())
    return;
  buckets_ = Table<std::uint32_t>(bytes.substr(8, buckets * 4));
  chains_ = Table<std::uint32_t>(bytes.substr(8 + buckets * 4, chains * 4));
}

bool DynamicSymbols::take(std::uint64_t index, std::string_view name, std::optional<Symbol> &found) const {
  const auto row = symbols_[index];
  if (!row || row->st_shndx == SHN_UNDEF || !is_text_at(names_, row->st_name, name))
    return false;
  const bool is_default = !(versions_[index].value_or(0) & kHiddenVersion);
  if (!is_definition(*row)) {
    // memcpy@@GLIBC_2.14 is an IFUNC: then memcpy@GLIBC_2.2.5, which is none, is no answer.
    if (is_default)
      found.reset();
    return is_default;
  }
  if (is_default || !found)
    found = Symbol{std::string(name), FileAddr{row->st_value}, row->st_size};
  return is_default;
}

std::optional<Symbol> DynamicSymbols::find_by_gnu_hash(const HashedName &name) const {
  const auto word = *bloom_[(name.hash / 64) & (bloom_.size() - 1)];
  const auto bits = (1ull << (name.hash % 64)) | (1ull << ((name.hash >> bloom_shift_) % 64));
  if ((word & bits) != bits)
    return std::nullopt;
  std::optional<Symbol> found;
  const std::uint64_t first = *buckets_[name.hash % buckets_.size()];
  if (first < first_hashed_)
    return std::nullopt;
  for (auto i = first;; ++i) {
    const auto link = chains_[i - first_hashed_];
    if (!link || (((*link ^ name.hash) >> 1) == 0 && take(i, name.text, found)) || (*link & 1))
      return found;
  }
}

std::optional<Symbol> DynamicSymbols::find_by_old_hash(const HashedName &name) const {
  std::optional<Symbol> found;
  auto i = *buckets_[old_hash(name.text) % buckets_.size()];
  // As many steps as there are rows: a chain that leads back into itself is a lie.
  for (std::size_t steps = 0; i != STN_UNDEF && steps < chains_.size(); ++steps) {
    if (take(i, name.text, found))
      return found;
    i = chains_[i].value_or(STN_UNDEF);
  }
  return found;
}

std::optional<Symbol> DynamicSymbols::find(const HashedName &name) const {
  if (bloom_.size() != 0)
    return find_by_gnu_hash(name);
  return buckets_.size() != 0 ? find_by_old_hash(name) : std::nullopt;
}

std::vector<std::string> DynamicSymbols::needed(const Image &image) const {
  std::vector<std::string> out;
  const Table<Elf64_Dyn> rows(image.dynamic_bytes);
  for (std::size_t i = 0; const auto row = rows[i]; ++i) {
    if (row->d_tag == DT_NULL)
      break;
    if (row->d_tag != DT_NEEDED)
      continue;
    if (const auto name = text_at(names_, row->d_un.d_val))
      out.emplace_back(*name);
  }
  return out;
}

} // namespace initorder::elf
