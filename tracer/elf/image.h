// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A file mapped into our memory, and its program headers: what a loader would put at which address.
#pragma once

#include "rules/result.h"
#include "tracer/address.h"
#include "tracer/elf/object.h"

#include <libelf.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initorder::elf {

struct ElfEnd {
  void operator()(Elf *elf) const noexcept { elf_end(elf); }
};

/// A file descriptor and a private, read-only mapping of the whole file.
/// A file that is cut while it is mapped ends us with SIGBUS, as it ends the processes that run it.
class MappedFile {
public:
  static Result<MappedFile> open(const std::filesystem::path &path);
  /// Takes bytes that have no file (the vdso): a memory file is made of them.
  static Result<MappedFile> of(std::string_view bytes);
  MappedFile(MappedFile &&other) noexcept;
  MappedFile &operator=(MappedFile &&) = delete;
  ~MappedFile();
  std::string_view bytes() const { return bytes_; }
  int descriptor() const { return descriptor_; }

private:
  explicit MappedFile(int descriptor) : descriptor_(descriptor) {}
  static Result<MappedFile> map(int descriptor, const std::string &where);
  int descriptor_; ///< -1 once moved from
  std::string_view bytes_;
};

class Image {
public:
  /// Errors: malformed (no ELF), unsupported (32-bit, another machine, neither program nor library).
  static Result<Image> read(MappedFile file, const std::string &where);

  /// Exactly `count` bytes of the file at an address, or an empty view.
  std::string_view at(FileAddr from, std::uint64_t count) const;
  /// All bytes of the file from an address to the end of its segment; may be empty.
  std::string_view rest(FileAddr from) const;

  MappedFile file;
  std::unique_ptr<Elf, ElfEnd> elf; ///< over file's bytes
  bool is_fixed = false;            ///< ET_EXEC: addresses are not moved
  FileAddr entry{};
  std::vector<Segment> segments; ///< PT_LOAD, those that wrap around left out
  std::string interpreter;
  std::string_view dynamic_bytes; ///< PT_DYNAMIC's content; empty: none
  std::optional<FileAddr> dynamic;
  std::optional<FileAddr> eh_frame_hdr;
  std::uint64_t eh_frame_hdr_size = 0;

private:
  explicit Image(MappedFile mapped) : file(std::move(mapped)) {}
  void read_segments();
};

} // namespace initorder::elf
