// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/elf/object.h"

#include "tracer/elf/object_parts.h"

#include <elfutils/libdwelf.h>
#include <fmt/format.h>

namespace initorder::elf {

DebugInfo &Object::Parts::debug_info() {
  if (!debug)
    debug = std::make_unique<DebugInfo>(image.file.descriptor(), name);
  return *debug;
}

Object::Object(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Object::~Object() = default;

Result<std::shared_ptr<const Object>> Object::open(const std::filesystem::path &path, std::string name) {
  auto file = MappedFile::open(path);
  if (!file)
    return file.error();
  auto image = Image::read(std::move(*file), path.string());
  if (!image)
    return image.error();
  return std::shared_ptr<const Object>(new Object(std::make_unique<Parts>(std::move(*image), std::move(name))));
}

Result<std::shared_ptr<const Object>> Object::from_bytes(std::string_view bytes, std::string name) {
  auto file = MappedFile::of(bytes);
  if (!file)
    return file.error();
  auto image = Image::read(std::move(*file), name);
  if (!image)
    return image.error();
  return std::shared_ptr<const Object>(new Object(std::make_unique<Parts>(std::move(*image), std::move(name))));
}

const std::string &Object::name() const {
  return parts_->name;
}
FileAddr Object::entry() const {
  return parts_->image.entry;
}
bool Object::is_static() const {
  return !parts_->image.dynamic;
}
std::string Object::interpreter() const {
  return parts_->image.interpreter;
}
const std::vector<Segment> &Object::segments() const {
  return parts_->image.segments;
}
std::optional<FileAddr> Object::dynamic() const {
  return parts_->image.dynamic;
}
std::optional<FileAddr> Object::eh_frame_hdr() const {
  return parts_->image.eh_frame_hdr;
}
std::vector<std::string> Object::needed() const {
  return parts_->dynamic.needed(parts_->image);
}
std::vector<FileAddr> Object::constructors() const {
  return read_constructors(parts_->image, parts_->dynamic);
}
std::string_view Object::bytes(FileAddr from, std::size_t count) const {
  return parts_->image.at(from, count);
}

const std::string &Object::build_id() const {
  std::call_once(parts_->build_id_once, [this] {
    const void *bits = nullptr;
    const auto size = dwelf_elf_gnu_build_id(parts_->image.elf.get(), &bits);
    for (ssize_t i = 0; i < size; ++i)
      fmt::format_to(std::back_inserter(parts_->build_id), "{:02x}", static_cast<const unsigned char *>(bits)[i]);
  });
  return parts_->build_id;
}

std::optional<Symbol> Object::find(const HashedName &name) const {
  if (auto found = parts_->dynamic.find(name))
    return found;
  std::call_once(parts_->statics_once, [this] { parts_->statics = std::make_unique<StaticSymbols>(parts_->image); });
  return parts_->statics->find(name);
}

std::optional<Symbol> Object::find_stripped(std::string_view name) const {
  if (auto found = find(name))
    return found;
  const std::lock_guard held(parts_->debug_lock);
  return parts_->debug_info().find(name);
}

std::optional<Symbol> Object::function_at(FileAddr address) const {
  const std::lock_guard held(parts_->debug_lock);
  return parts_->debug_info().function_at(address);
}

std::optional<SourcePlace> Object::source_at(FileAddr address) const {
  const std::lock_guard held(parts_->debug_lock);
  return parts_->debug_info().source_at(address);
}

} // namespace initorder::elf
