// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Letting go of a whole family. Each thread is stopped first, then the code gets its own bytes back, then they go on.
//
//   t0 a thread runs into a breakpoint: its pc is behind the int3, SIGTRAP is pending
//   t1 our interrupt stops it before the SIGTRAP does
//   t2 let go now, it would die of the SIGTRAP: so it must report that first
//
// A thread that has called vfork() does not stop before its child calls exec() or ends. So the child goes on as ever until
// then, and is stopped after it.
#include "tracer/process/family.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <string>

#include <sys/wait.h>

namespace initorder {

/// What follows `name` in the thread's /proc/PID/task/TID/status; empty: not there, or gone.
static std::string status_line(pid_t pid, pid_t tid, const std::string &name) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name))
      return line.substr(name.size());
  return "";
}

static bool has_pending_trap(const Thread &thread) {
  const std::string pending = status_line(thread.process->pid, thread.tracee.tid(), "SigPnd:");
  return !pending.empty() && std::stoull(pending, nullptr, 16) & (1ULL << (SIGTRAP - 1));
}

/// Ended, and to be reported when its process's last thread has: a first thread can be that for long.
static bool is_zombie(const Thread &thread) {
  return status_line(thread.process->pid, thread.tracee.tid(), "State:").find('Z') != std::string::npos;
}

bool Family::may_be_stopped(const Process &process) const {
  return !process.borrower_of || !of_thread_.contains(process.borrower_of) || caught_.contains(process.borrower_of);
}

/// True: there are threads whose stop is still to come.
bool Family::ask_to_stop() {
  bool waits = false;
  for (const auto &[tid, process] : of_thread_) {
    const Thread &thread = process->threads.at(tid);
    if (caught_.contains(tid) || is_zombie(thread))
      continue;
    waits = true;
    if (may_be_stopped(*process) && asked_.insert(tid).second)
      thread.tracee.interrupt();
  }
  return waits;
}

/// A thread that was asked to stop has: now it can be let go, or has to run on to where it can.
void Family::caught(Thread &thread, int status) {
  const pid_t tid = thread.tracee.tid();
  const Stop stop = decode_stop(tid, status);
  int deliver = 0;
  if (std::holds_alternative<Vanished>(stop))
    return;
  if (const auto *forked = std::get_if<Forked>(&stop)) {
    note_fork(thread, *forked);
    caught_[tid] = 0;
    if (const auto early = early_.extract(forked->child))
      handle(forked->child, early.mapped());
    return;
  }
  if (const auto *executed = std::get_if<Executed>(&stop)) {
    note_exec(*thread.process, executed->former); // whose memory has no breakpoint of ours
    caught_[tid] = 0;
    return;
  }
  if (const auto *got = std::get_if<Signalled>(&stop))
    deliver = got->signal;
  Breakpoints &breakpoints = thread.process->space->breakpoints;
  if (auto registers = thread.tracee.registers()) {
    const RemoteAddr before{registers->rip - 1};
    const bool trapped = std::holds_alternative<Trapped>(stop);
    const bool at_breakpoint = breakpoints.at(before) || breakpoints.was_at(before);
    if (at_breakpoint && !trapped && !deliver && has_pending_trap(thread)) {
      thread.tracee.resume();
      return;
    }
    if (trapped && at_breakpoint) {
      thread.tracee.block_trap_again();
      arch::set_pc(*registers, before);
      thread.tracee.set_registers(*registers);
    } else if (trapped) {
      deliver = SIGTRAP; // the program's own
    }
  }
  caught_[tid] = deliver;
}

/// Waits for a stop, but not for long: a thread that ends without a word (is_zombie()) may be all that there was to come.
static pid_t wait_a_little(int &status) {
  constexpr timespec kLittle{.tv_sec = 0, .tv_nsec = 10'000'000};
  const pid_t tid = waitpid(-1, &status, __WALL | WNOHANG);
  if (tid != 0)
    return tid;
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigtimedwait(&child, nullptr, &kLittle);
  return 0;
}

void Family::detach() {
  // A thread in a system call that cannot be interrupted, or one whose borrower takes its time, is left to the kernel,
  // which lets it go when we end: it is at no breakpoint.
  constexpr std::chrono::seconds kPatience{5};
  const auto began = std::chrono::steady_clock::now();
  while (ask_to_stop() && std::chrono::steady_clock::now() - began < kPatience) {
    int status = 0;
    const pid_t tid = wait_a_little(status);
    if (tid < 0 && errno == ECHILD)
      break;
    Thread *thread = tid > 0 ? find(tid) : nullptr;
    if (thread && WIFSTOPPED(status) && asked_.contains(tid))
      caught(*thread, status);
    else if (tid > 0)
      handle(tid, status);
  }
  for (const auto &[tid, process] : of_thread_)
    if (caught_.contains(tid))
      process->space->read_through(tid);
  for (const auto &[pid, process] : processes_)
    process->space->breakpoints.remove_all();
  for (const auto &[tid, deliver] : caught_)
    Tracee(tid).detach(deliver);
  processes_.clear();
  of_thread_.clear();
}

} // namespace initorder
