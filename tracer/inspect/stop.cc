// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/stop.h"

#include "tracer/inspect/denied.h"
#include "tracer/inspect/proc_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include <csignal>
#include <ctime>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

namespace initorder::inspect {
namespace {

constexpr auto kPatience = std::chrono::milliseconds(250);

Error gone(pid_t pid) {
  return {Error::Kind::gone, fmt::format("process {}", pid), "has ended meanwhile: it is left out"};
}

/// The process that traces this one, as the reader's pid namespace counts; 0: none.
pid_t tracer_of(pid_t pid) {
  const std::string status = read_file(proc(pid, "status"));
  const auto line = status.find("\nTracerPid:");
  return line == status.npos ? 0 : std::atoi(status.c_str() + line + 11);
}

Error refused(pid_t pid) {
  if (const pid_t tracer = tracer_of(pid))
    return {Error::Kind::denied, fmt::format("process {}", pid),
            fmt::format("cannot be stopped: process {} traces it, and the kernel allows one tracer; without --stop it can "
                        "be read",
                        tracer)};
  return denied(pid);
}

std::vector<pid_t> threads_of(pid_t pid) {
  std::vector<pid_t> out;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(proc(pid, "task"), error), end; !error && entry != end;
       entry.increment(error))
    out.push_back(std::atoi(entry->path().filename().c_str()));
  return out;
}

/// What a system call that was broken off returns for now: include/linux/errno.h, ERESTARTSYS and its kind. The kernel
/// makes the call anew once the thread goes on.
bool was_asleep(const user_regs_struct &registers) {
  constexpr std::array<std::int64_t, 5> broken_off{-512, -513, -514, -516, -EINTR};
  return static_cast<std::int64_t>(registers.orig_rax) >= 0 &&
         std::ranges::find(broken_off, static_cast<std::int64_t>(registers.rax)) != broken_off.end();
}

void describe_thread(const user_regs_struct &from, TargetThread &out) {
  out.registers = elf::UnwindRegisters{{from.rax, from.rdx, from.rcx, from.rbx, from.rsi, from.rdi, from.rbp, from.rsp,
                                        from.r8, from.r9, from.r10, from.r11, from.r12, from.r13, from.r14, from.r15,
                                        from.rip}};
  out.asleep = Asleep{-1, {}, RemoteAddr{from.rsp}, RemoteAddr{from.rip}};
  if (!was_asleep(from))
    return;
  out.asleep->system_call = static_cast<std::int64_t>(from.orig_rax);
  out.asleep->arguments = {from.rdi, from.rsi, from.rdx, from.r10, from.r8, from.r9};
}

} // namespace

Result<Stop> Stop::of(pid_t pid) {
  Stop out(pid);
  if (auto done = out.seize_all(); !done)
    return done.error();
  return out;
}

Result<void> Stop::seize_all() {
  // A thread that still runs may make another; once all that are listed stand still, nobody does.
  for (;;) {
    const auto any = seize_new();
    if (!any)
      return any.error();
    if (!*any)
      return seized_.empty() ? Result<void>(gone(pid_)) : Result<void>();
    for (auto thread = seized_.begin(); thread != seized_.end();) {
      auto stands = thread->second.stopped ? Result<void>() : await(thread->first, thread->second);
      if (!stands && stands.error().kind != Error::Kind::gone)
        return stands.error();
      thread = stands ? std::next(thread) : seized_.erase(thread);
    }
    if (std::chrono::steady_clock::now() - began_ > 4 * kPatience)
      return Error{Error::Kind::unsupported, fmt::format("process {}", pid_),
                   "makes threads faster than they can be stopped: it is left out"};
  }
}

Result<bool> Stop::seize_new() {
  bool any = false;
  for (const pid_t tid : threads_of(pid_)) {
    if (seized_.contains(tid))
      continue;
    if (::ptrace(PTRACE_SEIZE, tid, nullptr, nullptr) != 0) {
      if (errno == ESRCH)
        continue; // it has ended, or is a zombie
      const bool still_there = ::kill(tid, 0) == 0 || errno != ESRCH;
      if (!still_there || read_file(fmt::format("/proc/{}/task/{}/stat", pid_, tid)).find(") Z ") != std::string::npos)
        continue;
      return refused(pid_);
    }
    ::ptrace(PTRACE_INTERRUPT, tid, nullptr, nullptr);
    seized_[tid] = {};
    any = true;
  }
  return any;
}

Result<void> Stop::await(pid_t tid, Seized &thread) const {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  for (int status = 0;;) {
    const pid_t got = ::waitpid(tid, &status, __WALL | WNOHANG);
    if (got == tid && WIFSTOPPED(status)) {
      thread.stopped = true;
      // An event's stop carries no signal of the process's; any other does: it goes on its way with the detach.
      thread.signal = status >> 16 == 0 ? WSTOPSIG(status) : 0;
      return {};
    }
    if (got == tid || (got < 0 && errno != EINTR))
      return gone(pid_);
    if (std::chrono::steady_clock::now() > deadline)
      return Error{Error::Kind::unsupported, fmt::format("process {}", pid_),
                   fmt::format("thread {} does not stop (it waits in the kernel, perhaps for a child of vfork() or for a "
                               "disk): the process is left out",
                               tid)};
    const timespec a_moment{.tv_sec = 0, .tv_nsec = 20'000};
    ::nanosleep(&a_moment, nullptr);
  }
}

void Stop::describe(Target &target) const {
  for (TargetThread &thread : target.threads) {
    user_regs_struct registers{};
    if (seized_.contains(thread.tid) && ::ptrace(PTRACE_GETREGS, thread.tid, nullptr, &registers) == 0)
      describe_thread(registers, thread);
  }
}

std::chrono::nanoseconds Stop::let_go() {
  for (const auto &[tid, thread] : seized_)
    if (thread.stopped)
      ::ptrace(PTRACE_DETACH, tid, nullptr, reinterpret_cast<void *>(static_cast<std::uintptr_t>(thread.signal)));
  seized_.clear();
  return std::chrono::steady_clock::now() - began_;
}

} // namespace initorder::inspect
