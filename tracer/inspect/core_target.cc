// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/elf/bounded.h"
#include "tracer/inspect/core_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>

#include <elf.h>

namespace initorder::inspect {
namespace {

/// Memory as the core has it; what it left out because a file has it (code, constants) is read from that file.
class CoreMemory final : public RemoteMemory {
public:
  CoreMemory(const CoreFile &core, const Target &target) : core_(core), target_(target) {}

  std::size_t read_some(RemoteAddr from, std::span<std::byte> out) const override {
    std::size_t done = 0;
    while (done < out.size()) {
      const std::string_view bytes = at(from + done);
      if (bytes.empty())
        break;
      const std::size_t count = std::min(bytes.size(), out.size() - done);
      std::memcpy(out.data() + done, bytes.data(), count);
      done += count;
    }
    return done;
  }

  Result<void> read(RemoteAddr from, std::span<std::byte> out) const override {
    if (read_some(from, out) == out.size())
      return {};
    return Error{Error::Kind::malformed, target_.core,
                 fmt::format("{} bytes at {:#x} are not in it{}", out.size(), number(from),
                             core_.is_cut_off ? ": it is cut off" : "")};
  }

private:
  /// From an address on, as many bytes as lie in one piece.
  std::string_view at(RemoteAddr address) const {
    const auto next = std::ranges::upper_bound(core_.segments, address, {}, &CoreSegment::begin);
    if (next != core_.segments.begin()) {
      const CoreSegment &segment = *std::prev(next);
      const std::uint64_t inside = number(address) - number(segment.begin);
      if (inside < segment.bytes.size())
        return segment.bytes.substr(inside);
    }
    const elf::Mapping *mapping = target_.mapping_at(address);
    if (!mapping || mapping->writable || mapping->shared || mapping->path.empty())
      return {};
    const std::string_view file = content(mapping->path);
    const std::uint64_t offset = mapping->offset + (number(address) - number(mapping->begin));
    return offset < file.size() ? file.substr(offset, number(mapping->end) - number(address)) : std::string_view();
  }

  std::string_view content(const std::string &path) const {
    auto known = files_.find(path);
    if (known == files_.end()) {
      auto file = elf::MappedFile::open(path);
      known = files_.emplace(path, file ? std::make_unique<elf::MappedFile>(std::move(*file)) : nullptr).first;
    }
    return known->second ? known->second->bytes() : std::string_view();
  }

  const CoreFile &core_;
  const Target &target_;
  mutable std::map<std::string, std::unique_ptr<elf::MappedFile>> files_;
};

struct CoreTarget final : Target {
  CoreTarget(CoreFile file, Objects opened) : core_file(std::move(file)), core_memory(core_file, *this), cache(std::move(opened)) {}

  const RemoteMemory &memory() const override { return core_memory; }
  Result<std::shared_ptr<const elf::Object>> program() const override { return object(program_path, RemoteAddr{entry}); }

  Result<std::shared_ptr<const elf::Object>> object(const std::string &path, RemoteAddr where) const override {
    const elf::Mapping *mapping = mapping_at(where);
    const std::string &file = mapping && !mapping->path.empty() ? mapping->path : path;
    auto opened = cache->open(file, path);
    if (!opened)
      return opened;
    const std::string id = build_id_at(file);
    if (!id.empty() && id != (*opened)->build_id())
      return Error{Error::Kind::gone, file,
                   "is another build than the one that the core was made with: cannot tell what it holds; put the old file back, "
                   "or inspect where the core was made"};
    return opened;
  }

  /// Of the object as it was in memory: its first page is in the core.
  std::string build_id_at(const std::string &path) const {
    const auto begin = std::ranges::find_if(
        mappings, [&](const elf::Mapping &mapping) { return mapping.path == path && mapping.offset == 0; });
    constexpr std::uint64_t page = 4096;
    std::string bytes(page, '\0');
    if (begin == mappings.end() || !in_core(begin->begin) ||
        !core_memory.read(begin->begin, std::as_writable_bytes(std::span(bytes))))
      return "";
    const auto header = elf::load<Elf64_Ehdr>(bytes, 0);
    for (unsigned i = 0; header && i < header->e_phnum; ++i) {
      const auto row = elf::load<Elf64_Phdr>(bytes, header->e_phoff + i * sizeof(Elf64_Phdr));
      if (row && row->p_type == PT_NOTE && row->p_offset < bytes.size())
        if (auto id = build_id_in(std::string_view(bytes).substr(row->p_offset, row->p_filesz)); !id.empty())
          return id;
    }
    return "";
  }

  static std::string build_id_in(std::string_view notes) {
    const auto aligned = [](std::uint64_t size) { return (size + 3) & ~std::uint64_t{3}; };
    for (std::uint64_t at = 0; const auto head = elf::load<Elf64_Nhdr>(notes, at);) {
      const std::uint64_t begin = at + sizeof *head + aligned(head->n_namesz);
      if (begin > notes.size())
        break;
      if (head->n_type == NT_GNU_BUILD_ID) {
        std::string out;
        for (const unsigned char byte : notes.substr(begin, head->n_descsz))
          fmt::format_to(std::back_inserter(out), "{:02x}", byte);
        return out;
      }
      at = begin + aligned(head->n_descsz);
    }
    return "";
  }

  /// Else the file itself would be compared with itself.
  bool in_core(RemoteAddr address) const {
    return std::ranges::any_of(core_file.segments, [&](const CoreSegment &segment) {
      return segment.begin <= address && number(address) - number(segment.begin) < segment.bytes.size();
    });
  }

  CoreFile core_file;
  CoreMemory core_memory;
  Objects cache;
};

} // namespace

Result<std::unique_ptr<Target>> open_core(const std::string &path, Objects objects) {
  auto core = CoreFile::open(path);
  if (!core)
    return core.error();
  auto out = std::make_unique<CoreTarget>(std::move(*core), std::move(objects));
  out->core = path;
  out->pid = out->inner_pid = out->core_file.pid;
  out->parent = out->core_file.parent;
  out->name = out->core_file.name;
  out->entry = out->core_file.entry;
  out->loader_base = out->core_file.loader_base;
  out->mappings = out->core_file.mappings;
  out->threads = out->core_file.threads;
  const elf::Mapping *program = out->mapping_at(RemoteAddr{out->entry});
  if (!program || program->path.empty())
    return Error{Error::Kind::malformed, path,
                 "does not say which program it is of (NT_AUXV and NT_FILE): cut off, or not written by Linux or gcore"};
  out->program_path = program->path;
  return std::unique_ptr<Target>(std::move(out));
}

} // namespace initorder::inspect
