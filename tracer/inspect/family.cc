// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/family.h"

#include "tracer/inspect/proc_files.h"
#include "tracer/inspect/read_process.h"
#include "tracer/inspect/waits.h"
#include "tracer/trace/objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include <sys/stat.h>

namespace initorder::inspect {
namespace {

/// "3349 (kama) ilio) S 1 …": the name may hold anything, a parenthesis too.
bool parse_stat(const std::string &text, ProcessEntry &out) {
  const auto open = text.find('('), close = text.rfind(')');
  if (open == text.npos || close == text.npos || close < open || close + 4 > text.size())
    return false;
  out.name = text.substr(open + 1, close - open - 1);
  out.parent = std::atoi(text.c_str() + close + 4);
  return true;
}

const std::pair<std::uint64_t, std::uint64_t> &program_of(ProcessEntry &process) {
  struct stat status {};
  if (process.program.second == 0 && ::stat(proc(process.pid, "exe").c_str(), &status) == 0)
    process.program = {status.st_dev, status.st_ino};
  return process.program;
}

std::string host_of(const std::string &program, const Packs &packs) {
  for (const HostPack &host : packs.hosts)
    if (std::ranges::find(host.trace.programs, trace::base_name(program)) != host.trace.programs.end())
      return host.name;
  return "";
}

} // namespace

std::vector<ProcessEntry> list_processes() {
  std::vector<ProcessEntry> out;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    ProcessEntry process;
    process.pid = std::atoi(entry->path().filename().c_str());
    if (process.pid > 0 && parse_stat(read_file(proc(process.pid, "stat")), process))
      out.push_back(std::move(process));
  }
  std::ranges::sort(out, {}, &ProcessEntry::pid);
  return out;
}

std::vector<pid_t> named(const std::vector<ProcessEntry> &processes, const std::string &name) {
  std::vector<pid_t> out;
  for (const ProcessEntry &process : processes) {
    std::error_code error;
    if (process.name == name ||
        std::filesystem::read_symlink(proc(process.pid, "exe"), error).filename() == name)
      out.push_back(process.pid);
  }
  return out;
}

std::vector<std::vector<pid_t>> families_of(std::vector<ProcessEntry> &processes, const std::vector<pid_t> &wanted) {
  std::map<pid_t, ProcessEntry *> by_pid;
  std::map<pid_t, std::vector<ProcessEntry *>> children;
  for (ProcessEntry &process : processes) {
    by_pid[process.pid] = &process;
    children[process.parent].push_back(&process);
  }
  std::vector<std::vector<pid_t>> out;
  std::set<pid_t> taken;
  for (const pid_t pid : wanted) {
    const auto found = by_pid.find(pid);
    if (found == by_pid.end()) {
      out.push_back({pid}); // reading it says why
      continue;
    }
    ProcessEntry *first = found->second;
    std::set<pid_t> passed; // parents were read at different times: a ring is possible
    while (passed.insert(first->pid).second && by_pid.contains(first->parent) && program_of(*first).second != 0 &&
           program_of(*by_pid[first->parent]) == program_of(*first))
      first = by_pid[first->parent];
    if (taken.contains(first->pid))
      continue;
    std::vector<pid_t> family, open{first->pid};
    while (!open.empty()) {
      const pid_t next = open.back();
      open.pop_back();
      if (!taken.insert(next).second)
        continue;
      family.push_back(next);
      for (ProcessEntry *child : children[next])
        if (program_of(*child) == program_of(*first))
          open.push_back(child->pid);
    }
    std::sort(family.begin() + 1, family.end());
    out.push_back(std::move(family));
  }
  return out;
}

Result<Family> read_family(const std::vector<pid_t> &pids, const Packs &packs) {
  const auto began = std::chrono::steady_clock::now();
  Family out;
  const auto cache = std::make_shared<elf::ObjectCache>();
  Learned learned;
  for (const pid_t pid : pids) {
    const auto target = open_live(pid, cache);
    auto process = target ? read_process(**target, packs, out.processes.empty() ? nullptr : &out.processes.front(), learned)
                          : Result<Process>(target.error());
    if (process)
      out.processes.push_back(std::move(*process));
    else if (out.processes.empty())
      return process.error();
    else
      out.remarks.push_back(process.error().text());
  }
  find_owners(out);
  out.program = out.processes.front().program;
  out.host = host_of(out.program, packs);
  out.took = std::chrono::steady_clock::now() - began;
  return out;
}

} // namespace initorder::inspect
