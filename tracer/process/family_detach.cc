// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Letting go of a whole family. Each thread is stopped first, then the code gets its own bytes back, then they go on.
//
//   t0 a thread runs into a breakpoint: its pc is behind the int3, SIGTRAP is pending
//   t1 our interrupt stops it before the SIGTRAP does
//   t2 let go now, it would die of the SIGTRAP: so it must report that first
#include "tracer/process/family.h"

#include <cerrno>
#include <csignal>
#include <fstream>
#include <set>
#include <string>

#include <sys/wait.h>

namespace initorder {

static bool has_pending_trap(pid_t pid, pid_t tid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("SigPnd:"))
      return std::stoull(line.substr(7), nullptr, 16) & (1ULL << (SIGTRAP - 1));
  return false;
}

/// Waits until `thread` is stopped where it can be let go; `deliver` is the signal that it must get then.
void Family::catch_thread(Thread &thread, int &deliver) {
  const pid_t tid = thread.tracee.tid();
  const pid_t pid = thread.process->pid;
  Breakpoints &breakpoints = thread.process->space->breakpoints;
  if (!thread.tracee.interrupt())
    return; // gone; its wait status says so later
  for (int status = 0; waitpid(tid, &status, __WALL) == tid || errno == EINTR;) {
    const Stop stop = decode_stop(tid, status);
    if (std::holds_alternative<Exited>(stop) || std::holds_alternative<Killed>(stop) ||
        std::holds_alternative<Vanished>(stop))
      return handle(tid, status);
    thread.stopped = true;
    if (const auto *forked = std::get_if<Forked>(&stop)) {
      on_fork(thread, *forked); // the child is caught in the next round
      thread.tracee.interrupt();
      continue;
    }
    if (std::holds_alternative<Executed>(stop))
      return;
    if (const auto *got = std::get_if<Signalled>(&stop))
      deliver = got->signal;
    auto registers = thread.tracee.registers();
    if (!registers)
      continue;
    const RemoteAddr before{registers->rip - 1};
    const bool at_breakpoint = breakpoints.at(before) || breakpoints.was_at(before);
    if (std::holds_alternative<Trapped>(stop)) {
      if (at_breakpoint) {
        arch::set_pc(*registers, before);
        thread.tracee.set_registers(*registers);
      } else {
        deliver = SIGTRAP;
      }
    } else if (at_breakpoint && has_pending_trap(pid, tid)) {
      thread.tracee.resume(deliver);
      deliver = 0;
      continue;
    }
    return;
  }
}

void Family::detach() {
  std::map<pid_t, int> caught; // and the signal each must get
  // Again until no new thread or process has come up meanwhile: what is caught starts none.
  for (bool again = true; again;) {
    again = false;
    std::set<pid_t> all;
    for (const auto &[tid, process] : of_thread_)
      all.insert(tid);
    for (const pid_t tid : all)
      if (Thread *thread = find(tid); thread && !caught.contains(tid)) {
        int deliver = 0;
        catch_thread(*thread, deliver);
        caught[tid] = deliver;
        again = true;
      }
  }
  for (const auto &[pid, process] : processes_)
    process->space->breakpoints.remove_all();
  for (const auto &[tid, deliver] : caught)
    if (find(tid))
      Tracee(tid).detach(deliver);
  processes_.clear();
  of_thread_.clear();
}

} // namespace initorder
