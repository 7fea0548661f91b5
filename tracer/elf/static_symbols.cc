// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/elf/static_symbols.h"

#include "tracer/elf/dynamic_table.h"

#include <gelf.h>

#include <bit>

namespace initorder::elf {

namespace {

std::string_view content(Elf_Scn *section) {
  const Elf_Data *data = section ? elf_getdata(section, nullptr) : nullptr;
  return data && data->d_buf ? std::string_view(static_cast<const char *>(data->d_buf), data->d_size)
                             : std::string_view();
}

} // namespace

StaticSymbols::StaticSymbols(const Image &image) {
  Elf_Scn *section = nullptr;
  while ((section = elf_nextscn(image.elf.get(), section))) {
    GElf_Shdr header;
    if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB)
      continue;
    symbols_ = content(section);
    names_ = content(elf_getscn(image.elf.get(), header.sh_link));
    break;
  }
  const Table<Elf64_Sym> rows(symbols_);
  if (rows.size() == 0 || rows.size() > UINT32_MAX)
    return;
  first_.resize(std::bit_ceil(rows.size()));
  next_.resize(rows.size());
  for (std::uint32_t i = 1; i < rows.size(); ++i) {
    const auto row = rows[i];
    const auto name = is_definition(*row) ? text_at(names_, row->st_name) : std::nullopt;
    if (!name || name->empty())
      continue;
    auto &first = first_[HashedName(*name).hash & (first_.size() - 1)];
    next_[i] = first;
    first = i;
  }
}

std::optional<Symbol> StaticSymbols::find(const HashedName &name) const {
  std::optional<Symbol> found;
  bool ambiguous = false;
  if (first_.empty())
    return found;
  const Table<Elf64_Sym> rows(symbols_);
  for (auto i = first_[name.hash & (first_.size() - 1)]; i != 0; i = next_[i]) {
    const auto row = rows[i];
    if (!is_text_at(names_, row->st_name, name.text))
      continue;
    const Symbol symbol{std::string(name.text), FileAddr{row->st_value}, row->st_size};
    if (ELF64_ST_BIND(row->st_info) != STB_LOCAL)
      return symbol;
    ambiguous = ambiguous || (found && found->address != symbol.address);
    found = symbol;
  }
  return ambiguous ? std::nullopt : found;
}

} // namespace initorder::elf
