// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/elf/linkage.h"

#include "tracer/elf/object_parts.h"

#include <gelf.h>

namespace initorder::elf {

namespace {

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find(':'), text.size());
    if (end > 0)
      out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

void read_relocations(const Table<Elf64_Rela> &rows, const DynamicSymbols &symbols, Linkage &out) {
  for (std::size_t i = 0; const auto row = rows[i]; ++i) {
    const FileAddr word{row->r_offset};
    const auto addend = static_cast<std::uint64_t>(row->r_addend);
    switch (ELF64_R_TYPE(row->r_info)) {
    case R_X86_64_RELATIVE:
      out.pointers[word] = FileAddr{addend};
      break;
    case R_X86_64_64:
    case R_X86_64_GLOB_DAT:
    case R_X86_64_JUMP_SLOT: {
      const auto symbol = symbols.symbol(ELF64_R_SYM(row->r_info));
      if (!symbol)
        break;
      // A symbol that the object itself defines may be found in another one first; as a rule it is not.
      if (is_definition(*symbol))
        out.pointers[word] = FileAddr{symbol->st_value + (ELF64_R_TYPE(row->r_info) == R_X86_64_64 ? addend : 0)};
      else if (const auto name = symbols.name_of(*symbol); name && !name->empty())
        out.imports[word] = *name;
      break;
    }
    default:
      break;
    }
  }
}

/// See constructors.cc: an even entry is an address, an odd one a bitmap of the 63 words that follow.
void read_packed_relocations(const Image &image, Linkage &out) {
  const auto take = [&](std::uint64_t word) {
    if (const auto value = load<std::uint64_t>(image.at(FileAddr{word}, 8), 0))
      out.pointers[FileAddr{word}] = FileAddr{*value};
  };
  const Table<std::uint64_t> rows(dynamic_bytes(image, DT_RELR, DT_RELRSZ));
  std::uint64_t next = 0;
  for (std::size_t i = 0; const auto row = rows[i]; ++i) {
    if ((*row & 1) == 0) {
      take(*row);
      next = *row + 8;
      continue;
    }
    for (unsigned bit = 1; bit < 64; ++bit)
      if (*row >> bit & 1)
        take(next + (bit - 1) * 8);
    next += 63 * 8;
  }
}

void read_sections(Elf *elf, Linkage &out) {
  std::size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0)
    return;
  for (Elf_Scn *section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
    GElf_Shdr header;
    if (!gelf_getshdr(section, &header))
      continue;
    if (const char *name = elf_strptr(elf, names, header.sh_name))
      out.sections.insert(name);
  }
}

} // namespace

Linkage Object::linkage() const {
  const Image &image = parts_->image;
  const DynamicSymbols &symbols = parts_->dynamic;
  Linkage out;
  const auto text = [&](std::int64_t tag) {
    const auto offset = dynamic_value(image, tag);
    return offset ? symbols.text(*offset).value_or("") : std::string_view();
  };
  out.soname = text(DT_SONAME);
  out.rpath = split(text(DT_RPATH));
  out.runpath = split(text(DT_RUNPATH));
  read_packed_relocations(image, out);
  read_relocations(Table<Elf64_Rela>(dynamic_bytes(image, DT_RELA, DT_RELASZ)), symbols, out);
  read_relocations(Table<Elf64_Rela>(dynamic_bytes(image, DT_JMPREL, DT_PLTRELSZ)), symbols, out);
  read_sections(image.elf.get(), out);
  return out;
}

std::string Object::text_at(FileAddr address) const {
  return std::string(elf::text_at(parts_->image.rest(address), 0).value_or(""));
}

} // namespace initorder::elf
