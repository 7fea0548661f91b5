// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/core_file.h"

#include "tracer/elf/bounded.h"
#include "tracer/inspect/target.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>

#include <elf.h>

namespace initorder::inspect {
namespace {

constexpr std::size_t kMostSegments = 1 << 20;
constexpr std::size_t kMostNameBytes = 64 << 20; ///< of all mappings' names together

// x86-64's struct elf_prstatus and elf_prpsinfo, <sys/procfs.h>.
constexpr std::uint64_t kPidInStatus = 32, kRegistersInStatus = 112;
constexpr std::uint64_t kPidInInfo = 24, kParentInInfo = 28, kNameInInfo = 40, kNameSize = 16;

/// struct user_regs_struct, <sys/user.h>.
enum : std::size_t { r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi, orig_rax, rip, cs, flags, rsp, kRegisters };

/// Memory behind these names is other processes' too. A private mapping of such a file has the same name: it is rare.
bool is_shared_by_name(std::string_view path) {
  return path == "/dev/zero (deleted)" || path.starts_with("/SYSV") || path.starts_with("/dev/shm/") ||
         path.starts_with("/memfd:");
}

} // namespace

class CoreReader {
public:
  explicit CoreReader(CoreFile &out) : out_(out), bytes_(out.file.bytes()) {}

  Result<void> read(const std::string &path) {
    const auto refuse = [&](Error::Kind kind, const char *what) { return Error{kind, path, what}; };
    const auto header = elf::load<Elf64_Ehdr>(bytes_, 0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
      return refuse(Error::Kind::malformed, "is neither a process's number nor a core file");
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_machine != EM_X86_64)
      return refuse(Error::Kind::unsupported, "is not of x86-64: inspect it on such a machine");
    if (header->e_type != ET_CORE)
      return refuse(Error::Kind::malformed, "is a program or a library, not a core file");
    std::uint64_t count = header->e_phnum;
    if (count == PN_XNUM) { // more than fit: the kernel says how many in the first section header
      const auto section = elf::load<Elf64_Shdr>(bytes_, header->e_shoff);
      count = section ? section->sh_info : 0;
    }
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, kMostSegments); ++i) {
      const auto row = elf::load<Elf64_Phdr>(bytes_, header->e_phoff + i * sizeof(Elf64_Phdr));
      if (!row)
        break;
      if (row->p_type == PT_NOTE)
        read_notes(slice(row->p_offset, row->p_filesz));
      else if (row->p_type == PT_LOAD && row->p_vaddr + row->p_memsz > row->p_vaddr)
        add_segment(*row);
    }
    if (out_.threads.empty())
      return refuse(Error::Kind::malformed, "has no threads: cut off at its very beginning");
    finish();
    return {};
  }

private:
  std::string_view slice(std::uint64_t offset, std::uint64_t size) const {
    return offset > bytes_.size() ? std::string_view() : bytes_.substr(offset, size);
  }

  void add_segment(const Elf64_Phdr &row) {
    const auto bytes = slice(row.p_offset, std::min(row.p_filesz, row.p_memsz));
    out_.is_cut_off |= bytes.size() < std::min(row.p_filesz, row.p_memsz);
    out_.segments.push_back({RemoteAddr{row.p_vaddr}, row.p_memsz, bytes});
    elf::Mapping mapping{.begin = RemoteAddr{row.p_vaddr}, .end = RemoteAddr{row.p_vaddr + row.p_memsz}};
    mapping.readable = (row.p_flags & PF_R) != 0;
    mapping.writable = (row.p_flags & PF_W) != 0;
    mapping.executable = (row.p_flags & PF_X) != 0;
    out_.mappings.push_back(std::move(mapping));
  }

  void read_notes(std::string_view notes) {
    const auto aligned = [](std::uint64_t size) { return (size + 3) & ~std::uint64_t{3}; };
    for (std::uint64_t at = 0; const auto head = elf::load<Elf64_Nhdr>(notes, at);) {
      const std::uint64_t begin = at + sizeof *head + aligned(head->n_namesz);
      if (begin > notes.size())
        return;
      const std::string_view content = notes.substr(begin, head->n_descsz);
      if (head->n_type == NT_PRSTATUS)
        add_thread(content);
      else if (head->n_type == NT_PRPSINFO)
        read_info(content);
      else if (head->n_type == NT_AUXV)
        read_auxiliary(content);
      else if (head->n_type == NT_FILE)
        files_ = content;
      at = begin + aligned(head->n_descsz);
    }
  }

  void add_thread(std::string_view content) {
    const auto tid = elf::load<std::int32_t>(content, kPidInStatus);
    const auto registers = elf::load<std::array<std::uint64_t, kRegisters>>(content, kRegistersInStatus);
    if (!tid || !registers || out_.threads.size() == kMostThreads)
      return;
    const auto &value = *registers;
    TargetThread thread{.tid = *tid, .inner_tid = *tid};
    thread.registers = elf::UnwindRegisters{{value[rax], value[rdx], value[rcx], value[rbx], value[rsi], value[rdi],
                                             value[rbp], value[rsp], value[r8], value[r9], value[r10], value[r11],
                                             value[r12], value[r13], value[r14], value[r15], value[rip]}};
    constexpr std::uint64_t most_calls = 1000;
    if (value[orig_rax] < most_calls)
      thread.asleep = Asleep{static_cast<std::int64_t>(value[orig_rax]),
                             {value[rdi], value[rsi], value[rdx], value[r10], value[r8], value[r9]},
                             RemoteAddr{value[rsp]},
                             RemoteAddr{value[rip]}};
    out_.threads.push_back(std::move(thread));
  }

  void read_info(std::string_view content) {
    out_.pid = elf::load<std::int32_t>(content, kPidInInfo).value_or(0);
    out_.parent = elf::load<std::int32_t>(content, kParentInInfo).value_or(0);
    const std::string_view name = content.size() > kNameInInfo ? content.substr(kNameInInfo, kNameSize) : "";
    out_.name = name.substr(0, name.find('\0'));
  }

  void read_auxiliary(std::string_view content) {
    for (std::uint64_t at = 0; const auto row = elf::load<Elf64_auxv_t>(content, at); at += sizeof *row) {
      if (row->a_type == AT_ENTRY)
        out_.entry = row->a_un.a_val;
      if (row->a_type == AT_BASE)
        out_.loader_base = row->a_un.a_val;
    }
  }

  /// NT_FILE: how many, the unit of offsets, three numbers for each, then their names.
  void name_mappings() {
    const auto count = elf::load<std::uint64_t>(files_, 0), unit = elf::load<std::uint64_t>(files_, 8);
    if (!count || !unit || *count > kMostSegments)
      return;
    std::uint64_t names = 16 + *count * 24, passed = 0;
    for (std::uint64_t i = 0; i < *count; ++i) {
      const auto row = elf::load<std::array<std::uint64_t, 3>>(files_, 16 + i * 24);
      const auto name = elf::text_at(files_, names);
      if (!row || !name)
        return;
      names += name->size() + 1;
      // Linux and gcore write them by address, none over another. A core in which each lies over all would hold us.
      if ((*row)[0] < passed)
        continue;
      passed = (*row)[1];
      name_range(RemoteAddr{(*row)[0]}, RemoteAddr{(*row)[1]}, (*row)[2] * *unit, std::string(*name));
    }
    std::ranges::sort(out_.mappings, {}, &elf::Mapping::begin);
  }

  /// One mapping as the process had it. What gcore left out because a file has it is no segment of its own.
  void name_range(RemoteAddr begin, RemoteAddr end, std::uint64_t offset, const std::string &name) {
    elf::Mapping whole{.begin = begin, .end = end, .readable = true, .executable = true, .offset = offset, .path = name};
    whole.shared = is_shared_by_name(name);
    // There is no inode in it. Anonymous memory has one name for all: what was forked has it at one address.
    whole.inode = std::hash<std::string_view>()(name) | 1;
    if (whole.shared)
      whole.inode ^= number(begin) - offset;
    bool is_dumped = false;
    const auto last = out_.mappings.begin() + static_cast<std::ptrdiff_t>(dumped_);
    for (auto mapping = std::ranges::lower_bound(out_.mappings.begin(), last, begin, {}, &elf::Mapping::begin);
         mapping != last && mapping->begin < end; ++mapping) {
      if (name.size() > name_bytes_left_)
        return;
      name_bytes_left_ -= name.size();
      mapping->path = name;
      mapping->offset = offset + (number(mapping->begin) - number(begin));
      mapping->shared = whole.shared;
      mapping->inode = whole.inode;
      is_dumped = true;
    }
    if (!is_dumped && begin < end)
      out_.mappings.push_back(std::move(whole));
  }

  void finish() {
    std::ranges::sort(out_.segments, {}, &CoreSegment::begin);
    std::ranges::sort(out_.mappings, {}, &elf::Mapping::begin);
    dumped_ = out_.mappings.size();
    out_.mappings.reserve(dumped_ + std::min<std::size_t>(files_.size() / 24, kMostSegments));
    name_mappings();
    if (out_.pid == 0)
      out_.pid = out_.threads.front().tid;
    std::ranges::sort(out_.threads, {}, &TargetThread::tid);
  }

  CoreFile &out_;
  std::string_view bytes_;
  std::string_view files_;
  std::size_t name_bytes_left_ = kMostNameBytes;
  std::size_t dumped_ = 0; ///< of the mappings, those that are segments; they stand first until all have names
};

Result<CoreFile> CoreFile::open(const std::string &path) {
  auto file = elf::MappedFile::open(path);
  if (!file)
    return file.error();
  CoreFile out(std::move(*file));
  if (const auto done = CoreReader(out).read(path); !done)
    return done.error();
  return out;
}

} // namespace initorder::inspect
