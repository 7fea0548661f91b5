// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/family.h"

#include "tracer/inspect/connections.h"
#include "tracer/inspect/proc_files.h"
#include "tracer/inspect/read_process.h"
#include "tracer/inspect/stop.h"
#include "tracer/inspect/waits.h"
#include "tracer/trace/objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <thread>

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

std::vector<pid_t> family_of(pid_t pid) {
  std::vector<ProcessEntry> processes = list_processes();
  return families_of(processes, {pid}).front();
}

namespace {

using Targets = std::vector<std::unique_ptr<Target>>;
using ReadOne = std::function<Result<Process>(const Target &, const Process *main, Learned &)>;

/// `targets`: the main process first, if `with_main`.
Result<Family> read_all(const Targets &targets, bool with_main, const Packs &packs, Learned &learned,
                        const ReadOne &read_one) {
  Family out;
  for (const auto &target : targets) {
    const bool is_main = with_main && target == targets.front();
    auto process = read_one(*target, with_main && !is_main ? &out.processes.front() : nullptr, learned);
    if (process) {
      process->is_main = is_main;
      out.processes.push_back(std::move(*process));
    } else if (out.processes.empty()) {
      return process.error();
    } else {
      out.remarks.push_back(process.error().text());
    }
  }
  find_owners(out);
  out.program = out.processes.front().program;
  out.host = host_of(out.program, packs);
  return out;
}

ReadOne as_it_is(const Packs &packs) {
  return [&packs](const Target &target, const Process *main, Learned &learned) {
    return read_process(target, packs, main, learned);
  };
}

/// What it takes to unwind and to name is read before anybody is stopped, from where the threads sleep now.
void expect_stacks(Target &target) {
  for (TargetThread &thread : target.threads)
    if (thread.asleep) {
      auto &value = thread.registers.emplace().value;
      value[7] = number(thread.asleep->sp);
      value[16] = number(thread.asleep->pc);
    }
}

/// What was opened when the process ran is known by now: only its memory is read while it stands.
ReadOne stopped(const Packs &packs, const Objects &cache) {
  const auto read = [&packs, cache](pid_t pid, const Process *main, Learned &learned) -> Result<Process> {
    auto stop = Stop::of(pid);
    if (!stop)
      return stop.error();
    auto target = open_live(pid, cache);
    if (!target)
      return target.error();
    stop->describe(**target);
    auto out = read_process(**target, packs, main, learned);
    const auto stood = stop->let_go();
    if (out)
      out->stopped = stood;
    return out;
  };
  return [read](const Target &target, const Process *main, Learned &learned) {
    // A thread of its own: with its end the kernel lets go what did not stop in time.
    std::optional<Result<Process>> out;
    std::thread([&] { out.emplace(read(target.pid, main, learned)); }).join();
    return std::move(*out);
  };
}

} // namespace

Result<Family> read_family(const std::vector<pid_t> &pids, const Packs &packs, Manner manner) {
  const auto began = std::chrono::steady_clock::now();
  const auto cache = std::make_shared<elf::ObjectCache>();
  std::vector<std::unique_ptr<Target>> targets;
  std::vector<std::string> remarks;
  for (const pid_t pid : pids) {
    auto target = open_live(pid, cache);
    if (target)
      targets.push_back(std::move(*target));
    else if (targets.empty())
      return target.error();
    else
      remarks.push_back(target.error().text());
  }
  Learned learned;
  if (manner == Manner::stopped)
    for (const auto &target : targets)
      expect_stacks(*target);
  auto out = read_all(targets, true, packs, learned, as_it_is(packs));
  if (out && manner == Manner::stopped)
    out = read_all(targets, true, packs, learned, stopped(packs, cache));
  if (out) {
    find_connections(*out);
    out->remarks.insert(out->remarks.end(), remarks.begin(), remarks.end());
    out->took = std::chrono::steady_clock::now() - began;
  }
  return out;
}

Result<std::vector<Family>> read_cores(const std::vector<std::string> &files, const Packs &packs) {
  const auto began = std::chrono::steady_clock::now();
  const auto cache = std::make_shared<elf::ObjectCache>();
  std::map<std::string, std::vector<std::unique_ptr<Target>>> by_program;
  for (const std::string &file : files) {
    auto target = open_core(file, cache);
    if (!target)
      return target.error();
    by_program[(*target)->program_path].push_back(std::move(*target));
  }
  std::vector<Family> out;
  for (auto &[program, targets] : by_program) {
    std::ranges::sort(targets, {}, [](const auto &target) { return target->pid; });
    const auto main = std::ranges::find_if(targets, [&](const auto &target) {
      return std::ranges::any_of(targets, [&](const auto &other) { return other->parent == target->pid; });
    });
    const bool with_main = main != targets.end();
    if (with_main)
      std::rotate(targets.begin(), main, std::next(main));
    Learned learned;
    auto family = read_all(targets, with_main, packs, learned, as_it_is(packs));
    if (!family)
      return family.error();
    if (targets.size() == 1)
      family->remarks.push_back("cannot tell what processes share from one core: give those of the main process and of a "
                                "worker");
    else if (!with_main)
      family->remarks.push_back("cannot tell what workers have lost without a core of the main process");
    family->remarks.push_back("cannot tell which connections processes share: a core holds no descriptors");
    family->took = std::chrono::steady_clock::now() - began;
    out.push_back(std::move(*family));
  }
  return out;
}

} // namespace initorder::inspect
