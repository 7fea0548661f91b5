// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/elf/image.h"

#include "tracer/elf/bounded.h"

#include <gelf.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace initorder::elf {

namespace {

Error from_errno(int number, const std::string &where) {
  const auto kind = number == ENOENT || number == ENOTDIR || number == ESRCH ? Error::Kind::gone
                    : number == EACCES || number == EPERM                    ? Error::Kind::denied
                                                                             : Error::Kind::malformed;
  return {kind, where, std::strerror(number)};
}

std::string_view clipped(std::string_view bytes, std::uint64_t offset, std::uint64_t size) {
  return offset > bytes.size() ? std::string_view() : bytes.substr(offset, size);
}

} // namespace

Result<MappedFile> MappedFile::open(const std::filesystem::path &path) {
  // Not blocking: a FIFO under a library's name must not hold us.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0)
    return from_errno(errno, path.string());
  return map(descriptor, path.string());
}

Result<MappedFile> MappedFile::of(std::string_view bytes) {
  const int descriptor = ::memfd_create("initorder-object", MFD_CLOEXEC);
  if (descriptor < 0)
    return from_errno(errno, "memfd_create");
  if (::write(descriptor, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    const int number = errno;
    ::close(descriptor);
    return from_errno(number, "memfd_create");
  }
  return map(descriptor, "memory");
}

Result<MappedFile> MappedFile::map(int descriptor, const std::string &where) {
  MappedFile out(descriptor);
  struct stat status {};
  if (::fstat(descriptor, &status) != 0)
    return from_errno(errno, where);
  if (!S_ISREG(status.st_mode) || status.st_size <= 0)
    return Error{Error::Kind::malformed, where, "not an ELF file"};
  const auto size = static_cast<std::size_t>(status.st_size);
  void *begin = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (begin == MAP_FAILED)
    return from_errno(errno, where);
  out.bytes_ = {static_cast<const char *>(begin), size};
  return out;
}

MappedFile::MappedFile(MappedFile &&other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), bytes_(std::exchange(other.bytes_, {})) {}

MappedFile::~MappedFile() {
  if (!bytes_.empty())
    ::munmap(const_cast<char *>(bytes_.data()), bytes_.size());
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

void Image::read_segments() {
  std::size_t count = 0;
  if (elf_getphdrnum(elf.get(), &count) != 0)
    return;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr row;
    if (!gelf_getphdr(elf.get(), static_cast<int>(i), &row) || row.p_vaddr + row.p_memsz < row.p_vaddr)
      continue;
    const auto content = clipped(file.bytes(), row.p_offset, row.p_filesz);
    switch (row.p_type) {
    case PT_LOAD:
      segments.push_back({.begin = FileAddr{row.p_vaddr},
                          .end = FileAddr{row.p_vaddr + row.p_memsz},
                          .offset = row.p_offset,
                          .executable = (row.p_flags & PF_X) != 0,
                          .writable = (row.p_flags & PF_W) != 0,
                          .bytes = content.substr(0, row.p_memsz)});
      break;
    case PT_INTERP:
      interpreter = content.substr(0, content.find('\0'));
      break;
    case PT_DYNAMIC:
      dynamic = FileAddr{row.p_vaddr};
      dynamic_bytes = content;
      break;
    case PT_GNU_EH_FRAME:
      eh_frame_hdr = FileAddr{row.p_vaddr};
      eh_frame_hdr_size = row.p_memsz;
      break;
    default:
      break;
    }
  }
}

std::string_view Image::rest(FileAddr from) const {
  for (const auto &segment : segments)
    if (from >= segment.begin && number(from) - number(segment.begin) < segment.bytes.size())
      return segment.bytes.substr(number(from) - number(segment.begin));
  return {};
}

std::string_view Image::at(FileAddr from, std::uint64_t count) const {
  const auto found = rest(from);
  return found.size() < count ? std::string_view() : found.substr(0, count);
}

Result<Image> Image::read(MappedFile mapped, const std::string &where) {
  static const auto version = elf_version(EV_CURRENT);
  (void)version;
  Image out(std::move(mapped));
  const auto bytes = out.file.bytes();
  // Asked before libelf is, whose answer to strange files is less clear than these.
  if (!bytes.starts_with(std::string_view(ELFMAG, SELFMAG)) || bytes.size() < sizeof(Elf64_Ehdr))
    return Error{Error::Kind::malformed, where, "not an ELF file"};
  if (bytes[EI_CLASS] != ELFCLASS64 || bytes[EI_DATA] != ELFDATA2LSB)
    return Error{Error::Kind::unsupported, where, "a 32-bit or big-endian program; this tracer knows x86-64"};
  out.elf.reset(elf_memory(const_cast<char *>(bytes.data()), bytes.size()));
  GElf_Ehdr header;
  if (!out.elf || elf_kind(out.elf.get()) != ELF_K_ELF || !gelf_getehdr(out.elf.get(), &header))
    return Error{Error::Kind::malformed, where, "not an ELF file"};
  if (header.e_machine != EM_X86_64)
    return Error{Error::Kind::unsupported, where, "for another machine; this tracer knows x86-64"};
  if (header.e_type != ET_EXEC && header.e_type != ET_DYN)
    return Error{Error::Kind::unsupported, where, "neither a program nor a shared object"};
  out.is_fixed = header.e_type == ET_EXEC;
  out.entry = FileAddr{header.e_entry};
  out.read_segments();
  return out;
}

} // namespace initorder::elf
