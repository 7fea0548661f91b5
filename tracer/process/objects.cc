// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/objects.h"

#include "tracer/process/auxiliary.h"
#include "tracer/process/hosts.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include <elf.h>
#include <sys/stat.h>

namespace initorder {
namespace {

std::string proc(pid_t pid, const char *what) { return "/proc/" + std::to_string(pid) + "/" + what; }

std::string program_path(pid_t pid) {
  std::error_code error;
  return std::filesystem::read_symlink(proc(pid, "exe"), error).string();
}

/// As the process sees it, through its own mount namespace.
std::string in_root(pid_t pid, const std::string &path) { return proc(pid, "root") + path; }

} // namespace

void Objects::choose_host(const std::string &program, const HostPack *forced) {
  if (context_.host)
    return;
  if (forced)
    return context_.choose(*forced);
  if (const HostPack *host = host_of_program(context_.packs, program))
    context_.choose(*host);
}

/// Opens the program and arms what is in it alone. None: it cannot be traced.
std::optional<elf::Loaded> Objects::program(Thread &thread, const HostPack *forced) {
  const pid_t pid = thread.process->pid;
  AddressSpace &space = *thread.process->space;
  const std::string path = program_path(pid);
  choose_host(path, forced);
  const auto program = context_.objects.open(proc(pid, "exe"), path);
  if (!program) {
    space.traced = false;
    context_.remark(thread, program.error().text() + ": it runs on, and nothing of it is recorded");
    return std::nullopt;
  }
  const std::uint64_t entry = read_auxiliary(pid).entry;
  const std::uint64_t bias = entry - number((*program)->entry());
  space.scratch = RemoteAddr{entry};
  arming_.program(space, **program, bias);
  return elf::Loaded{path, bias, *program};
}

void Objects::executed(Thread &thread, const HostPack *forced) {
  const pid_t pid = thread.process->pid;
  AddressSpace &space = *thread.process->space;
  context_.record(thread, trace::ProcessExecuted{program_path(pid)});
  const auto loaded = program(thread, forced);
  if (!loaded)
    return;
  const std::string &path = loaded->path;
  const auto *program = &loaded->object;
  const Auxiliary auxiliary = read_auxiliary(pid);
  std::vector<elf::Loaded> objects{*loaded};
  arming_.object(space, objects[0]);
  if ((*program)->is_static() || (*program)->interpreter().empty()) {
    context_.remark(thread, path + " is a static program: of its libraries only what its symbol table names is recorded");
  } else if (const auto loader = context_.objects.open(in_root(pid, (*program)->interpreter()), (*program)->interpreter())) {
    objects.push_back({(*program)->interpreter(), auxiliary.loader_base, *loader});
    const auto changes = (*loader)->find("_dl_debug_state");
    const auto list = (*loader)->find("_r_debug");
    if (changes && list) {
      space.rendezvous = elf::Rendezvous{at(list->address, auxiliary.loader_base), at(changes->address, auxiliary.loader_base)};
      space.breakpoints.add(space.rendezvous->r_brk, {Purpose::Kind::objects_changed});
    } else {
      context_.remark(thread, (*program)->interpreter() + " does not say what it loads (no _dl_debug_state): only " + path +
                                  " itself is recorded");
    }
  }
  space.layout = std::make_shared<elf::Layout>(std::move(objects));
}

elf::Loaded Objects::load(Thread &thread, const elf::LinkMapEntry &row) {
  const pid_t tid = thread.tracee.tid(); // the process's first thread may have ended
  if (row.path.empty()) // the program: armed when it was executed
    return thread.process->space->layout->objects()[0];
  elf::Loaded out{row.path, row.bias, nullptr};
  if (const auto object = context_.objects.open(in_root(tid, row.path), row.path))
    out.object = *object;
  context_.record(thread, trace::ObjectLoaded{row.path, out.object ? out.object->build_id() : "", row.bias});
  arming_.object(*thread.process->space, out);
  return out;
}

/// The file that is mapped there, not a newer one that has taken its name: breakpoints go where it says. Null: not to be had.
static std::shared_ptr<const elf::Object> mapped_object(elf::ObjectCache &cache, pid_t pid, const elf::LinkMapEntry &row,
                                                        const std::vector<elf::Mapping> &mappings) {
  const auto first = std::ranges::find(mappings, RemoteAddr{row.bias}, &elf::Mapping::begin);
  struct stat status {};
  if (first == mappings.end() || first->inode == 0)
    return nullptr;
  // The inode alone: the device that maps has is not the one of stat(2) on btrfs and overlayfs.
  std::string file = in_root(pid, row.path);
  if (::stat(file.c_str(), &status) != 0 || status.st_ino != first->inode)
    file = proc(pid, fmt::format("map_files/{:x}-{:x}", number(first->begin), number(first->end)).c_str());
  const auto object = cache.open(file, row.path);
  return object ? *object : nullptr;
}

static bool same(const elf::LinkMapEntry &one, const elf::LinkMapEntry &other) {
  return one.address == other.address && one.bias == other.bias && one.path == other.path;
}

void Objects::attached(Thread &thread, const Process *parent, const HostPack *forced) {
  const pid_t pid = thread.process->pid;
  AddressSpace &space = *thread.process->space;
  const auto loaded = program(thread, forced);
  if (!loaded)
    return;
  std::vector<elf::Loaded> objects{*loaded};
  arming_.object(space, objects[0], Arming::Constructors::have_run);
  const auto maps = elf::Mappings::open(pid);
  const auto mappings = maps ? maps->all() : Result<std::vector<elf::Mapping>>(maps.error());
  const auto rendezvous = elf::find_rendezvous(space.memory, *loaded->object, loaded->bias);
  if (rendezvous && *rendezvous && mappings) {
    space.rendezvous = **rendezvous;
    // First of all: what is loaded from here on is told.
    space.breakpoints.add(space.rendezvous->r_brk, {Purpose::Kind::objects_changed});
    const auto consistent = elf::is_consistent(space.memory, *space.rendezvous);
    if (auto rows = elf::read_link_map(space.memory, *space.rendezvous); consistent && *consistent && rows)
      space.rows = std::move(*rows);
  }
  if (space.rows.empty())
    context_.remark(thread, loaded->path + ": what it has loaded cannot be read; only the program itself is followed");
  for (const elf::LinkMapEntry &row : space.rows) {
    if (row.path.empty())
      continue;
    elf::Loaded object{row.path, row.bias, mapped_object(context_.objects, pid, row, *mappings)};
    arming_.object(space, object, Arming::Constructors::have_run);
    objects.push_back(std::move(object));
  }
  arming_.modules(space);
  const bool as_parent = parent && std::ranges::equal(space.rows, parent->space->rows, same) && parent->space->layout;
  space.layout = as_parent ? parent->space->layout : std::make_shared<elf::Layout>(std::move(objects));
}

void Objects::unload(Thread &thread, const elf::LinkMapEntry &row) {
  AddressSpace &space = *thread.process->space;
  context_.record(thread, trace::ObjectUnloaded{row.path});
  for (const elf::Loaded &loaded : space.layout->objects())
    if (loaded.path == row.path && loaded.bias == row.bias && loaded.object)
      for (const elf::Segment &segment : loaded.object->segments()) {
        const RemoteAddr begin = at(segment.begin, row.bias), end = at(segment.end, row.bias);
        space.breakpoints.forget(begin, end);
        std::erase_if(space.used_up, [&](const auto &used) { return used.first >= begin && used.first < end; });
      }
  for (Module &module : space.modules)
    if (module.object == row.path && module.bias == row.bias)
      module.armed = true, module.layout = nullptr; // its number stays taken
}

static bool contains(const std::vector<elf::LinkMapEntry> &rows, const elf::LinkMapEntry &row) {
  return std::any_of(rows.begin(), rows.end(), [&](const auto &other) { return same(row, other); });
}

void Objects::changed(Thread &thread) {
  AddressSpace &space = *thread.process->space;
  if (!space.rendezvous)
    return;
  const auto consistent = elf::is_consistent(space.memory, *space.rendezvous);
  if (!consistent || !*consistent)
    return;
  auto rows = elf::read_link_map(space.memory, *space.rendezvous);
  if (!rows)
    return context_.remark(thread, "the list of loaded objects cannot be read: " + rows.error().text());
  if (std::equal(rows->begin(), rows->end(), space.rows.begin(), space.rows.end(), same))
    return;
  for (const elf::LinkMapEntry &row : space.rows)
    if (!contains(*rows, row))
      unload(thread, row);
  std::vector<elf::Loaded> objects;
  for (const elf::LinkMapEntry &row : *rows) {
    const auto &known = space.layout->objects();
    const auto old = std::find_if(known.begin(), known.end(), [&](const elf::Loaded &loaded) {
      return contains(space.rows, row) && loaded.path == row.path && loaded.bias == row.bias;
    });
    objects.push_back(old != known.end() ? *old : load(thread, row));
  }
  space.rows = std::move(*rows);
  space.layout = std::make_shared<elf::Layout>(std::move(objects), *space.layout);
}

} // namespace initorder
