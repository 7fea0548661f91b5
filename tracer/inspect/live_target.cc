// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// /proc/PID, read once: proc(5).
#include "tracer/elf/process_memory.h"
#include "tracer/inspect/denied.h"
#include "tracer/inspect/proc_files.h"
#include "tracer/inspect/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <sstream>

#include <elf.h>
#include <sys/stat.h>

namespace initorder::inspect {
namespace {

/// "202 0x7f… 0x80 0x2 0x0 0x0 0x0 0x7ffd… 0x7f…", "-1 0x7ffd… 0x7f…" or "running".
std::optional<Asleep> parse_asleep(const std::string &text) {
  std::istringstream words(text);
  Asleep out;
  if (!(words >> out.system_call))
    return std::nullopt;
  words >> std::hex;
  const auto take = [&](std::uint64_t &number) {
    std::string word;
    return words >> word && (number = std::strtoull(word.c_str(), nullptr, 16), true);
  };
  if (out.system_call >= 0)
    for (std::uint64_t &argument : out.arguments)
      if (!take(argument))
        return std::nullopt;
  std::uint64_t sp = 0, pc = 0;
  if (!take(sp) || !take(pc))
    return std::nullopt;
  out.sp = RemoteAddr{sp};
  out.pc = RemoteAddr{pc};
  return out;
}

struct LiveTarget final : Target {
  LiveTarget(pid_t pid, Objects cache) : process_memory(pid), cache(std::move(cache)) {}

  const RemoteMemory &memory() const override { return process_memory; }

  Result<std::shared_ptr<const elf::Object>> program() const override {
    return cache->open(proc(pid, "exe"), program_path);
  }

  Result<std::shared_ptr<const elf::Object>> object(const std::string &path, RemoteAddr where) const override {
    const elf::Mapping *mapping = mapping_at(where);
    if (!mapping || mapping->inode == 0)
      return Error{Error::Kind::gone, path, "no file is mapped where it should lie"};
    const std::string by_name = proc(pid, "root") + path;
    struct stat status {};
    // The inode alone: the device that maps has is not the one of stat(2) on btrfs and overlayfs.
    if (::stat(by_name.c_str(), &status) == 0 && status.st_ino == mapping->inode)
      return cache->open(by_name, path);
    // It has been replaced or removed since: an upgrade. The kernel still has it.
    auto kept = cache->open(fmt::format("/proc/{}/map_files/{:x}-{:x}", pid, number(mapping->begin), number(mapping->end)),
                            path);
    if (!kept)
      return Error{Error::Kind::gone, path,
                   "the file was replaced since the process mapped it, and the old one cannot be opened (" +
                       kept.error().what + "): run as root, or restart the server"};
    return kept;
  }

  std::optional<Asleep> asleep_now(const TargetThread &thread) const override {
    if (thread.registers)
      return thread.asleep; // it is stopped
    return parse_asleep(read_file(fmt::format("/proc/{}/task/{}/syscall", pid, thread.tid)));
  }

  elf::ProcessMemory process_memory;
  Objects cache;
};

void read_auxiliary(Target &target, const std::string &bytes) {
  for (std::size_t at = 0; at + 16 <= bytes.size(); at += 16) {
    std::uint64_t pair[2];
    std::memcpy(pair, bytes.data() + at, sizeof pair);
    if (pair[0] == AT_ENTRY)
      target.entry = pair[1];
    if (pair[0] == AT_BASE)
      target.loader_base = pair[1];
  }
}

/// The last number of "NSpid:\t3349\t17": the innermost namespace is the process's own.
pid_t inner_id(const std::string &status, pid_t outer) {
  const auto line = status.find("\nNSpid:");
  if (line == status.npos)
    return outer;
  std::istringstream numbers(status.substr(line + 7, status.find('\n', line + 1) - line - 7));
  for (pid_t number = 0; numbers >> number;)
    outer = number;
  return outer;
}

std::vector<TargetThread> read_threads(pid_t pid, bool inner_differs) {
  std::vector<TargetThread> out;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(proc(pid, "task"), error), end; !error && entry != end;
       entry.increment(error)) {
    TargetThread thread;
    thread.tid = std::atoi(entry->path().filename().c_str());
    const std::string folder = fmt::format("/proc/{}/task/{}/", pid, thread.tid);
    thread.name = first_line(read_file(folder + "comm"));
    thread.inner_tid = inner_differs ? inner_id(read_file(folder + "status"), thread.tid) : thread.tid;
    thread.asleep = parse_asleep(read_file(folder + "syscall"));
    out.push_back(std::move(thread));
    if (out.size() == kMostThreads)
      break;
  }
  std::ranges::sort(out, {}, &TargetThread::tid);
  return out;
}

} // namespace

const elf::Mapping *Target::mapping_at(RemoteAddr address) const {
  const auto next = std::ranges::upper_bound(mappings, address, {}, &elf::Mapping::begin);
  if (next == mappings.begin() || address >= std::prev(next)->end)
    return nullptr;
  return &*std::prev(next);
}

Result<std::unique_ptr<Target>> open_live(pid_t pid, Objects objects) {
  auto out = std::make_unique<LiveTarget>(pid, std::move(objects));
  out->pid = pid;
  const auto maps = elf::Mappings::open(pid);
  auto mappings = maps ? maps->all() : Result<std::vector<elf::Mapping>>(maps.error());
  if (!mappings)
    return mappings.error().kind == Error::Kind::denied ? denied(pid)
                                                        : Error{mappings.error().kind, fmt::format("process {}", pid),
                                                                "has ended, or is none of a program"};
  out->mappings = std::move(*mappings);
  const std::string status = read_file(proc(pid, "status"));
  out->inner_pid = inner_id(status, pid);
  if (const auto parent = status.find("\nPPid:"); parent != status.npos)
    out->parent = std::atoi(status.c_str() + parent + 6);
  out->name = first_line(read_file(proc(pid, "comm")));
  std::error_code error;
  out->program_path = std::filesystem::read_symlink(proc(pid, "exe"), error).string();
  if (error)
    return denied(pid);
  if (out->program_path.ends_with(" (deleted)"))
    out->program_path.resize(out->program_path.size() - 10);
  read_auxiliary(*out, read_file(proc(pid, "auxv")));
  out->threads = read_threads(pid, out->inner_pid != pid);
  // What /proc lists but may not be read: maps and memory ask for the same permission, seccomp only stops some calls.
  std::byte first;
  if (auto readable = out->memory().read(RemoteAddr{out->entry}, std::span(&first, 1));
      !readable && readable.error().kind == Error::Kind::denied)
    return denied(pid);
  return std::unique_ptr<Target>(std::move(out));
}

} // namespace initorder::inspect
