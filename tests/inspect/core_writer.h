// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A core file of a process that sleeps, as gcore would write it.
#pragma once

#include "tests/inspect/held.h"
#include "tracer/elf/process_memory.h"
#include "tracer/inspect/proc_files.h"
#include "tracer/inspect/target.h"

#include <elf.h>

#include <cstring>
#include <filesystem>
#include <fstream>

namespace initorder::inspect {

inline std::string note(unsigned type, const std::string &content) {
  const Elf64_Nhdr head{5, static_cast<Elf64_Word>(content.size()), type};
  std::string out(reinterpret_cast<const char *>(&head), sizeof head);
  out += std::string("CORE\0\0\0\0", 8) + content;
  out.resize((out.size() + 3) & ~std::size_t{3});
  return out;
}

template <class T> void put(std::string &out, std::size_t at, T value) {
  std::memcpy(out.data() + at, &value, sizeof value);
}

/// Of a core with so many program headers, which follow it.
inline Elf64_Ehdr core_header(std::size_t rows) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_type = ET_CORE;
  header.e_machine = EM_X86_64;
  header.e_phoff = sizeof header;
  header.e_phnum = static_cast<Elf64_Half>(rows);
  return header;
}

inline std::string core_of(pid_t pid) {
  const auto target = open_live(pid, std::make_shared<elf::ObjectCache>());
  if (!target)
    throw std::runtime_error(target.error().text());
  const Asleep asleep = (*target)->threads.at(0).asleep.value_or(Asleep{});
  std::string status(336, '\0'), info(136, '\0'), files(16, '\0'), names;
  put(status, 32, pid);
  put(status, 112 + 15 * 8, asleep.system_call);
  put(status, 112 + 16 * 8, number(asleep.pc));
  put(status, 112 + 19 * 8, number(asleep.sp));
  put(info, 24, pid);
  put(info, 28, (*target)->parent);
  info.replace(40, (*target)->name.size(), (*target)->name);
  std::vector<Elf64_Phdr> rows{{.p_type = PT_NOTE}};
  std::string memory;
  std::uint64_t count = 0;
  for (const elf::Mapping &mapping : (*target)->mappings) {
    const std::uint64_t size = number(mapping.end) - number(mapping.begin);
    if (mapping.inode != 0) {
      files.resize(files.size() + 24);
      put(files, files.size() - 24, number(mapping.begin));
      put(files, files.size() - 16, number(mapping.end));
      put(files, files.size() - 8, mapping.offset / 4096);
      names += mapping.path + '\0';
      ++count;
    }
    if (!mapping.readable || (mapping.executable && mapping.inode != 0) || mapping.path.starts_with("[vv") ||
        mapping.path.starts_with("[vs"))
      continue;
    rows.push_back({.p_type = PT_LOAD, .p_flags = PF_R | (mapping.writable ? PF_W : 0u), .p_offset = memory.size(),
                    .p_vaddr = number(mapping.begin), .p_filesz = size, .p_memsz = size});
    memory.resize(memory.size() + size);
    (*target)->memory().read_some(mapping.begin,
                                  std::as_writable_bytes(std::span(memory)).subspan(memory.size() - size));
  }
  put(files, 0, count);
  put(files, 8, std::uint64_t{4096});
  const std::string notes = note(NT_PRPSINFO, info) + note(NT_PRSTATUS, status) +
                            note(NT_AUXV, read_file(proc(pid, "auxv"))) + note(NT_FILE, files + names);
  const Elf64_Ehdr header = core_header(rows.size());
  const std::uint64_t begin = sizeof header + rows.size() * sizeof(Elf64_Phdr);
  rows[0].p_offset = begin;
  rows[0].p_filesz = notes.size();
  for (std::size_t i = 1; i < rows.size(); ++i)
    rows[i].p_offset += begin + notes.size();
  std::string out(reinterpret_cast<const char *>(&header), sizeof header);
  out.append(reinterpret_cast<const char *>(rows.data()), rows.size() * sizeof(Elf64_Phdr));
  return out + notes + memory;
}

struct CoreOnDisk {
  explicit CoreOnDisk(std::string_view bytes)
      : path(std::filesystem::temp_directory_path() / ("initorder-core-" + std::to_string(::getpid()) + "-" +
                                                       std::to_string(reinterpret_cast<std::uintptr_t>(this)))) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  ~CoreOnDisk() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
  CoreOnDisk(const CoreOnDisk &) = delete;
  std::filesystem::path path;
};

} // namespace initorder::inspect
