// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/image.h"

#include "tracer/memory_kind.h"
#include "tracer/trace/objects.h"

#include <fmt/format.h>

#include <algorithm>

namespace initorder::inspect {
namespace {

bool same(const std::vector<elf::LinkMapEntry> &one, const std::vector<elf::LinkMapEntry> &other) {
  return std::ranges::equal(one, other, [](const elf::LinkMapEntry &a, const elf::LinkMapEntry &b) {
    return a.address == b.address && a.bias == b.bias && a.path == b.path;
  });
}

/// The loader may be at work on its list while we read it.
Result<std::vector<elf::LinkMapEntry>> read_rows(const Target &target, const elf::Rendezvous &rendezvous) {
  constexpr int attempts = 5;
  for (int attempt = 0;; ++attempt) {
    const auto consistent = elf::is_consistent(target.memory(), rendezvous);
    auto rows = elf::read_link_map(target.memory(), rendezvous);
    if ((consistent && *consistent && rows) || attempt == attempts)
      return rows;
  }
}

std::shared_ptr<const ObjectSet> open_all(const Target &target, const elf::Loaded &program,
                                          std::vector<elf::LinkMapEntry> rows) {
  auto out = std::make_shared<ObjectSet>();
  out->objects.push_back(program);
  for (const elf::LinkMapEntry &row : rows) {
    if (&row == &rows.front() || row.path.empty())
      continue; // the program: glibc gives it no name, musl the one it was called by, and none to the vdso
    elf::Loaded loaded{row.path, row.bias, nullptr};
    if (auto object = target.object(row.path, RemoteAddr{row.bias}))
      loaded.object = *object;
    else if (!row.path.starts_with("linux-vdso"))
      out->cannot_tell.push_back(object.error().text());
    out->objects.push_back(std::move(loaded));
  }
  out->rows = std::move(rows);
  out->layout = std::make_unique<elf::Layout>(out->objects);
  return out;
}

} // namespace

const elf::Loaded *ObjectSet::defining(std::string_view symbol, RemoteAddr &address) const {
  const elf::HashedName name(symbol);
  for (const elf::Loaded &loaded : objects)
    if (const auto found = loaded.object ? loaded.object->find(name) : std::nullopt) {
      address = at(found->address, loaded.bias);
      return &loaded;
    }
  return nullptr;
}

Result<Image> Image::read(const Target &target, const std::vector<std::shared_ptr<const ObjectSet>> &known) {
  Image out(target);
  const auto program = target.program();
  if (!program)
    return program.error();
  const elf::Loaded self{target.program_path, target.entry - number((*program)->entry()), *program};
  const auto rendezvous = elf::find_rendezvous(*out.memory_, **program, self.bias);
  if (!rendezvous)
    return rendezvous.error();
  std::vector<elf::LinkMapEntry> rows;
  if (*rendezvous) {
    auto list = read_rows(target, **rendezvous);
    if (!list)
      return list.error();
    rows = std::move(*list);
  }
  // An address in the loader's heap, at which there is the same path: one list, copied by fork.
  for (const auto &objects : known)
    if (same(objects->rows, rows) && objects->objects.front().object == *program)
      out.objects_ = objects;
  if (!out.objects_)
    out.objects_ = open_all(target, self, std::move(rows));
  return out;
}

Frame Image::frame(RemoteAddr address, bool named) const {
  Frame out{.offset = number(address)};
  const elf::Loaded *loaded = layout().at(address);
  if (!loaded)
    return out;
  out.object = loaded->path;
  const FileAddr inside = in_file(address, loaded->bias);
  out.offset = number(inside);
  if (const auto function = named && loaded->object ? loaded->object->function_at(inside) : std::nullopt) {
    out.function = function->name;
    out.into = number(inside) - number(function->address);
  }
  return out;
}

Memory Image::memory_at(RemoteAddr address) const {
  if (address == RemoteAddr{})
    return Memory::none;
  const elf::Mapping *mapping = target_->mapping_at(address);
  if (!mapping)
    return Memory::unmapped;
  const elf::MemoryKind kind = elf::kind_of(*mapping);
  return kind == elf::MemoryKind::heap && layout().at(address) ? Memory::data : memory_of(kind);
}

std::optional<SharedPlace> Image::shared_at(RemoteAddr address) const {
  const elf::Mapping *mapping = target_->mapping_at(address);
  if (!mapping || !mapping->shared)
    return std::nullopt;
  return SharedPlace{(std::uint64_t{mapping->device_major} << 32) | mapping->device_minor, mapping->inode,
                     mapping->offset + (number(address) - number(mapping->begin)), mapping->path};
}

bool Image::is_code(RemoteAddr address) const {
  const elf::Mapping *mapping = target_->mapping_at(address);
  return mapping && mapping->executable;
}

std::string Image::object_at(RemoteAddr address) const {
  const elf::Loaded *loaded = layout().at(address);
  return loaded ? std::string(trace::base_name(loaded->path)) : "";
}

} // namespace initorder::inspect
