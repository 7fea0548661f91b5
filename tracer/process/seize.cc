// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/seize.h"

#include "tracer/elf/object.h"
#include "tracer/inspect/denied.h"
#include "tracer/inspect/family.h"
#include "tracer/inspect/proc_files.h"
#include "tracer/process/stop.h"
#include "tracer/process/thread_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <set>

#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder {
namespace {

std::string named(pid_t pid) { return fmt::format("process {}", pid); }

std::vector<pid_t> threads_of(pid_t pid) {
  std::vector<pid_t> out;
  std::error_code error;
  for (std::filesystem::directory_iterator task(inspect::proc(pid, "task"), error), end; !error && task != end; task.increment(error))
    out.push_back(std::atoi(task->path().filename().c_str()));
  return out;
}

/// Why a thread that is there cannot be seized.
Error cannot_seize(pid_t pid, pid_t tid) {
  if (const pid_t tracer = state_of(tid).tracer)
    return {Error::Kind::denied, named(pid),
            fmt::format("is traced already by {} ({}): only one tracer is possible", tracer,
                        inspect::first_line(inspect::read_file(inspect::proc(tracer, "comm"))))};
  return inspect::denied(pid);
}

Result<void> check_process(pid_t pid) {
  if (pid == getpid() || state_of(pid).process == getpid())
    return Error{Error::Kind::unsupported, named(pid), "is this program itself"};
  if (const pid_t tracer = state_of(pid).tracer; tracer && tracer != getpid())
    return cannot_seize(pid, pid);
  const auto program = elf::Object::open(inspect::proc(pid, "exe"), named(pid));
  if (program || !std::filesystem::exists(inspect::proc(pid, "")))
    return {};
  if (program.error().kind == Error::Kind::unsupported)
    return Error{Error::Kind::unsupported, named(pid), program.error().what};
  return program.error().kind == Error::Kind::denied ? inspect::denied(pid)
                                                     : Error{Error::Kind::gone, named(pid), "has ended, or is none of a program"};
}

/// True: it is ours now, and was not. Errors: it cannot be.
Result<bool> seize(pid_t pid, pid_t tid) {
  if (ptrace(PTRACE_SEIZE, tid, nullptr, kSeizeOptions) == 0)
    return true;
  const bool is_gone = errno == ESRCH;
  const ThreadState state = state_of(tid);
  // One that has been made by a thread that is ours is so from its beginning, and will be reported.
  if (is_gone || state.tracer == getpid() || state.state == 'Z' || state.state == 'X' || state.state == 0)
    return false;
  return cannot_seize(pid, tid);
}

/// Not for ever: one that stays in the kernel is in vfork(), say, and waits for its child, which is there to be seized.
void wait_until_out(pid_t tid, std::vector<EarlyStop> &stops) {
  constexpr std::chrono::milliseconds kPatience{100};
  constexpr timespec kLittle{.tv_sec = 0, .tv_nsec = 50'000};
  const auto began = std::chrono::steady_clock::now();
  for (bool asked = false; std::chrono::steady_clock::now() - began < kPatience; nanosleep(&kLittle, nullptr)) {
    const char state = state_of(tid).state;
    if (!asked && state != 'R' && state != 'D')
      return;
    if (!asked && state == 'R')
      asked = ptrace(PTRACE_INTERRUPT, tid, nullptr, nullptr) == 0;
    int status = 0;
    if (waitpid(tid, &status, __WALL | WNOHANG) != tid)
      continue;
    if (std::holds_alternative<Interrupted>(decode_stop(tid, status)))
      ptrace(PTRACE_CONT, tid, nullptr, nullptr);
    else
      stops.push_back({tid, status});
    return;
  }
}

/// t0 a thread calls fork(); t1 it is seized; t2 breakpoints are written; t3 its memory is copied: the child has them, and is
/// untraced, since that was decided at t0. So there is no t2 before all have been seen outside.
void see_out_of_fork(const std::vector<pid_t> &threads, std::vector<EarlyStop> &stops) {
  for (const pid_t tid : threads)
    wait_until_out(tid, stops);
}

} // namespace

Result<std::vector<pid_t>> check_family(pid_t pid) {
  if (!std::filesystem::exists(inspect::proc(pid, "")))
    return Error{Error::Kind::gone, named(pid), "there is no such process"};
  std::vector<pid_t> family = inspect::family_of(state_of(pid).process ? state_of(pid).process : pid);
  for (const pid_t one : family)
    if (auto checked = check_process(one); !checked && (one == family.front() || checked.error().kind != Error::Kind::gone))
      return checked.error(); // others come and go
  return family;
}

Result<SeizedFamily> seize_family(pid_t pid) {
  const auto checked = check_family(pid);
  if (!checked)
    return checked.error();
  SeizedFamily out;
  for (std::vector<pid_t> fresh{0}; !fresh.empty(); see_out_of_fork(fresh, out.stops)) {
    fresh.clear();
    for (const pid_t one : inspect::family_of(checked->front()))
      for (const pid_t tid : threads_of(one)) {
        const auto is_new = seize(one, tid);
        if (!is_new)
          return is_new.error();
        if (!*is_new)
          continue;
        fresh.push_back(tid);
        auto known = std::ranges::find(out.processes, one, &SeizedProcess::pid);
        if (known == out.processes.end())
          known = out.processes.insert(out.processes.end(), {one, state_of(one).parent, {}});
        known->threads.push_back(tid);
      }
  }
  if (out.processes.empty())
    return Error{Error::Kind::gone, named(pid), "has ended"};
  return out;
}

} // namespace initorder
