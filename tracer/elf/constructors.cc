// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// DT_INIT_ARRAY in the file holds what relocations will make of it: an addend in DT_RELA, a symbol, or, where DT_RELR
// lists the word, the word itself.
#include "tracer/elf/object_parts.h"

#include <algorithm>

namespace initorder::elf {

namespace {

struct InitArray {
  std::uint64_t begin = 0;
  std::string_view words;
  std::vector<std::uint64_t> values; ///< one for each word; 0: not known yet

  /// The slot of a word at an address; null: that is none of the array.
  std::uint64_t *slot(std::uint64_t address) {
    const auto offset = address - begin;
    return offset < values.size() * 8 && offset % 8 == 0 ? &values[offset / 8] : nullptr;
  }
  void take_word(std::uint64_t address) {
    if (auto *value = slot(address))
      *value = *load<std::uint64_t>(words, address - begin);
  }
};

void apply_rela(const Elf64_Rela &row, const DynamicSymbols &symbols, InitArray &array) {
  auto *value = array.slot(row.r_offset);
  if (!value)
    return;
  const auto addend = static_cast<std::uint64_t>(row.r_addend);
  if (ELF64_R_TYPE(row.r_info) == R_X86_64_RELATIVE) {
    *value = addend;
  } else if (ELF64_R_TYPE(row.r_info) == R_X86_64_64) {
    const auto symbol = symbols.symbol(ELF64_R_SYM(row.r_info));
    if (symbol && is_definition(*symbol))
      *value = symbol->st_value + addend;
  }
}

/// Linkers put the R_X86_64_RELATIVE ones first, in order (DT_RELACOUNT of them). Tried before all others are read: a
/// library has some ten thousand.
void apply_relas(const Image &image, const DynamicSymbols &symbols, InitArray &array) {
  const Table<Elf64_Rela> rows(dynamic_bytes(image, DT_RELA, DT_RELASZ));
  std::size_t low = 0, high = std::min<std::uint64_t>(dynamic_value(image, DT_RELACOUNT).value_or(0), rows.size());
  for (const auto end = high; low < high;) {
    const auto middle = low + (high - low) / 2;
    if (rows[middle]->r_offset < array.begin)
      low = middle + 1;
    else
      high = middle;
    if (low == high)
      for (auto i = low; i < end && array.slot(rows[i]->r_offset); ++i)
        apply_rela(*rows[i], symbols, array);
  }
  if (std::find(array.values.begin(), array.values.end(), 0) == array.values.end())
    return;
  for (std::size_t i = 0; const auto row = rows[i]; ++i)
    apply_rela(*row, symbols, array);
}

/// An even entry is an address; an odd one a bitmap of the 63 words that follow (the gABI's proposal for DT_RELR).
void apply_relr(const Image &image, InitArray &array) {
  const Table<std::uint64_t> rows(dynamic_bytes(image, DT_RELR, DT_RELRSZ));
  std::uint64_t next = 0;
  for (std::size_t i = 0; const auto row = rows[i]; ++i) {
    if ((*row & 1) == 0) {
      array.take_word(*row);
      next = *row + 8;
      continue;
    }
    for (unsigned bit = 1; bit < 64; ++bit)
      if (*row >> bit & 1)
        array.take_word(next + (bit - 1) * 8);
    next += 63 * 8;
  }
}

} // namespace

std::vector<FileAddr> read_constructors(const Image &image, const DynamicSymbols &symbols) {
  std::vector<FileAddr> out;
  if (const auto init = dynamic_value(image, DT_INIT); init && *init != 0)
    out.push_back(FileAddr{*init});
  InitArray array{.begin = dynamic_value(image, DT_INIT_ARRAY).value_or(0),
                  .words = dynamic_bytes(image, DT_INIT_ARRAY, DT_INIT_ARRAYSZ)};
  array.values.resize(array.words.size() / 8);
  if (array.values.empty())
    return out;
  if (image.is_fixed)
    for (std::size_t i = 0; i < array.values.size(); ++i)
      array.take_word(array.begin + i * 8);
  apply_relr(image, array);
  apply_relas(image, symbols, array);
  for (const auto value : array.values)
    if (value != 0 && value != UINT64_MAX)
      out.push_back(FileAddr{value});
  return out;
}

} // namespace initorder::elf
