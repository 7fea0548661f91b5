// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/uprobes/objects.h"

#include "tracer/inspect/proc_files.h"
#include "tracer/process/auxiliary.h"
#include "tracer/process/probe_places.h"
#include "tracer/uprobes/clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include <sys/stat.h>

namespace initorder::uprobes {
namespace {

std::optional<std::uint64_t> file_offset(const elf::Object &object, FileAddr address) {
  for (const elf::Segment &segment : object.segments())
    if (segment.executable && address >= segment.begin && number(address) - number(segment.begin) < segment.bytes.size())
      return segment.offset + (number(address) - number(segment.begin));
  return std::nullopt;
}

/// The file that is mapped there, not a newer one that has taken its name. Empty: none is.
std::string path_of(const Watched &process, const elf::LinkMapEntry &row) {
  const auto maps = elf::Mappings::open(process.pid);
  const auto all = maps ? maps->all() : Result<std::vector<elf::Mapping>>(maps.error());
  if (!all)
    return "";
  const auto first = std::ranges::find(*all, RemoteAddr{row.bias}, &elf::Mapping::begin);
  if (first == all->end() || first->inode == 0)
    return "";
  // The inode alone: the device that maps has is not the one of stat(2) on btrfs and overlayfs.
  struct stat status {};
  std::string file = inspect::proc(process.pid, "root") + row.path;
  if (::stat(file.c_str(), &status) == 0 && status.st_ino == first->inode)
    return file;
  return inspect::proc(process.pid, fmt::format("map_files/{:x}-{:x}", number(first->begin), number(first->end)).c_str());
}

bool same(const elf::LinkMapEntry &one, const elf::LinkMapEntry &other) {
  return one.address == other.address && one.bias == other.bias && one.path == other.path;
}
bool contains(const std::vector<elf::LinkMapEntry> &rows, const elf::LinkMapEntry &row) {
  return std::ranges::any_of(rows, [&](const auto &other) { return same(row, other); });
}

} // namespace

/// The function's places, and the one that the dynamic loader calls when its list changes.
void Objects::add_sites(const Watched &process, File &file) {
  const elf::Object &object = *file.loaded.object;
  const auto [known, is_new] = places_.try_emplace(&object);
  if (is_new)
    known->second = places_in(object, probes_);
  for (const auto &[probe, address] : known->second)
    if (const auto offset = file_offset(object, address))
      file.sites.push_back({.probe = probe, .offset = *offset, .most = probes_[probe].function->trace.first.value_or(most_calls_),
                            .ends = probes_[probe].ends});
  if (process.rendezvous)
    if (const auto offset = file_offset(object, in_file(process.rendezvous->r_brk, file.loaded.bias));
        offset && object.find("_dl_debug_state"))
      file.sites.push_back({.probe = kObjectsChanged, .offset = *offset, .most = UINT32_MAX});
}

std::unique_ptr<File> Objects::file_of(const Watched &process, const elf::LinkMapEntry &row) {
  auto out = std::make_unique<File>();
  out->loaded = {row.path, row.bias, nullptr};
  out->path = path_of(process, row);
  if (out->path.empty())
    return out;
  if (const auto object = cache_.open(out->path, row.path)) {
    out->loaded.object = *object;
    add_sites(process, *out);
  }
  return out;
}

void Objects::lay_out(Watched &process) {
  std::vector<elf::Loaded> objects;
  for (const auto &file : process.files)
    objects.push_back(file->loaded);
  process.layout = process.layout ? std::make_shared<elf::Layout>(std::move(objects), *process.layout)
                                  : std::make_shared<elf::Layout>(std::move(objects));
}

bool Objects::read_rows(Watched &process) {
  if (!process.rendezvous)
    return false;
  const auto consistent = elf::is_consistent(process.memory, *process.rendezvous);
  auto rows = elf::read_link_map(process.memory, *process.rendezvous);
  if (!consistent || !*consistent || !rows)
    return false;
  process.rows = std::move(*rows);
  return true;
}

Result<void> Objects::attach(Watched &process) {
  std::error_code error;
  const std::string exe = inspect::proc(process.pid, "exe");
  const std::string path = std::filesystem::read_symlink(exe, error).string();
  const auto program = cache_.open(exe, path);
  if (!program)
    return program.error();
  auto file = std::make_unique<File>();
  file->loaded = {path, read_auxiliary(process.pid).entry - number((*program)->entry()), *program};
  file->path = exe;
  const auto rendezvous = elf::find_rendezvous(process.memory, **program, file->loaded.bias);
  if (rendezvous)
    process.rendezvous = *rendezvous;
  add_sites(process, *file);
  process.files.push_back(std::move(file));
  if (!read_rows(process))
    armory_.on_remark(process, path + ": what it has loaded cannot be read; only the program itself is followed");
  for (const elf::LinkMapEntry &row : process.rows)
    if (!row.path.empty())
      process.files.push_back(file_of(process, row));
  for (const auto &one : process.files)
    armory_.arm(process, *one);
  lay_out(process);
  return {};
}

void Objects::forked(const Watched &parent, Watched &child) {
  child.layout = parent.layout;
  child.rows = parent.rows;
  child.rendezvous = parent.rendezvous;
  for (const auto &file : parent.files) {
    auto copy = std::make_unique<File>();
    copy->loaded = file->loaded;
    copy->path = file->path.ends_with("/exe") ? inspect::proc(child.pid, "exe") : file->path;
    for (const Site &site : file->sites) {
      Site mine{.probe = site.probe, .offset = site.offset, .most = site.most, .ends = site.ends};
      const bool anew = site.probe == kObjectsChanged || probes_[site.probe].function->trace.first;
      if (!anew)
        mine.most = site.over ? 0 : mine.most - static_cast<std::uint32_t>(std::min<std::uint64_t>(mine.most, armory_.calls(site)));
      copy->sites.push_back(mine);
    }
    armory_.arm(child, *copy);
    child.files.push_back(std::move(copy));
  }
}

void Objects::changed(Watched &process, std::uint64_t at, const std::function<void(decltype(trace::Record::what))> &record) {
  const std::vector<elf::LinkMapEntry> before = process.rows;
  if (!read_rows(process) || std::ranges::equal(before, process.rows, same))
    return;
  std::vector<std::unique_ptr<File>> files;
  for (auto &file : process.files) {
    const auto is_this = [&](const auto &row) { return row.path == file->loaded.path && row.bias == file->loaded.bias; };
    if (std::ranges::none_of(before, is_this) || std::ranges::any_of(process.rows, is_this)) {
      files.push_back(std::move(file)); // the program itself has no path in its list
      continue;
    }
    record(trace::ObjectUnloaded{file->loaded.path});
    armory_.disarm(*file);
  }
  process.files = std::move(files);
  for (const elf::LinkMapEntry &row : process.rows)
    if (!contains(before, row) && !row.path.empty()) {
      auto file = file_of(process, row);
      armory_.arm(process, *file);
      record(trace::ObjectLoaded{row.path, file->loaded.object ? file->loaded.object->build_id() : "", row.bias});
      if (!file->sites.empty())
        record(trace::Remarked{fmt::format("{}: calls of its functions in its first {:.1f} ms, before it was followed, are not recorded: "
                                           "constructors may have made some",
                                           row.path, milliseconds_since(at))});
      process.files.push_back(std::move(file));
    }
  lay_out(process);
}

} // namespace initorder::uprobes
