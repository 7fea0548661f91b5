// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A core file as core(5) and the kernel's fs/binfmt_elf.c lay it out: memory in PT_LOAD, the rest in notes. The file is
// hostile, and cut off as often as not.
#pragma once

#include "tracer/elf/image.h"
#include "tracer/elf/mappings.h"
#include "tracer/inspect/target.h"

#include <cstdint>
#include <string>
#include <vector>

namespace initorder::inspect {

struct CoreSegment {
  RemoteAddr begin{};
  std::uint64_t size = 0;   ///< in memory
  std::string_view bytes;   ///< what the file has of it, from the beginning on
};

struct CoreFile {
  /// Errors: gone, denied, malformed (no core), unsupported (another machine).
  static Result<CoreFile> open(const std::string &path);

  elf::MappedFile file;
  std::vector<CoreSegment> segments;  ///< by address
  std::vector<elf::Mapping> mappings; ///< by address; `shared` by the file's name: a core does not say it
  std::vector<TargetThread> threads;
  pid_t pid = 0;
  pid_t parent = 0;
  std::string name;
  std::uint64_t entry = 0, loader_base = 0;
  bool is_cut_off = false;

private:
  explicit CoreFile(elf::MappedFile mapped) : file(std::move(mapped)) {}
  friend class CoreReader;
};

} // namespace initorder::inspect
