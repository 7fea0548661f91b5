// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/objects.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include <elf.h>

namespace initorder {
namespace {

std::string proc(pid_t pid, const char *what) { return "/proc/" + std::to_string(pid) + "/" + what; }

/// The kernel's auxiliary vector (getauxval(3)); 0: not there.
struct Auxiliary {
  std::uint64_t entry = 0;      ///< AT_ENTRY
  std::uint64_t loader_base = 0; ///< AT_BASE
};
Auxiliary read_auxiliary(pid_t pid) {
  Auxiliary out;
  std::ifstream file(proc(pid, "auxv"), std::ios::binary);
  std::array<std::uint64_t, 2> pair{};
  while (file.read(reinterpret_cast<char *>(pair.data()), sizeof pair)) {
    if (pair[0] == AT_ENTRY)
      out.entry = pair[1];
    if (pair[0] == AT_BASE)
      out.loader_base = pair[1];
  }
  return out;
}

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
  const std::string name = std::filesystem::path(program).filename();
  for (const HostPack &host : context_.packs.hosts)
    if (std::find(host.trace.programs.begin(), host.trace.programs.end(), name) != host.trace.programs.end())
      return context_.choose(host);
}

void Objects::executed(Thread &thread, const HostPack *forced) {
  const pid_t pid = thread.process->pid;
  AddressSpace &space = *thread.process->space;
  const std::string path = program_path(pid);
  context_.record(thread, trace::ProcessExecuted{path});
  choose_host(path, forced);
  const auto program = context_.objects.open(proc(pid, "exe"), path);
  if (!program) {
    space.traced = false;
    return context_.remark(thread, program.error().text() + ": it runs on, and nothing of it is recorded");
  }
  const Auxiliary auxiliary = read_auxiliary(pid);
  const std::uint64_t bias = auxiliary.entry - number((*program)->entry());
  space.scratch = RemoteAddr{auxiliary.entry};
  std::vector<elf::Loaded> objects{{path, bias, *program}};
  arming_.program(space, **program, bias);
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

static bool same(const elf::LinkMapEntry &one, const elf::LinkMapEntry &other) {
  return one.address == other.address && one.bias == other.bias && one.path == other.path;
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
