// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Letting go of a whole family. The code gets its own bytes back while the threads run; then each of them is looked at until it
// cannot stand in a breakpoint any more; then we end, and the kernel lets them go without stopping them. A stop would be felt:
// epoll_wait(), semop() and sigtimedwait() return EINTR after one (signal(7)).
//
//   t0 a thread runs into a breakpoint: its pc is behind the int3, SIGTRAP is pending
//   t1 the breakpoint is taken away
//   t2 let go now, it would die of the SIGTRAP: so it must report that first
//
// A thread that sleeps is not between t0 and t2. Only one that runs has to be stopped to know.
#include "tracer/process/family.h"

#include "tracer/process/thread_state.h"

#include <chrono>
#include <csignal>
#include <string_view>

#include <sys/wait.h>

namespace initorder {

bool Family::has_passed(const Thread &thread) const {
  const ThreadState state = state_of(thread.tracee.tid());
  if (state.has_pending(SIGTRAP))
    return false;
  constexpr std::string_view kAsleepOrEnded("SDTZXI\0", 7);
  return thread.listens || kAsleepOrEnded.find(state.state) != kAsleepOrEnded.npos;
}

bool Family::all_have_passed() {
  bool all = true;
  for (const auto &[tid, process] : of_thread_) {
    if (passed_.contains(tid))
      continue;
    const Thread &thread = process->threads.at(tid);
    if (has_passed(thread)) {
      passed_.insert(tid);
      continue;
    }
    all = false;
    if (asked_.insert(tid).second)
      thread.tracee.interrupt();
  }
  return all;
}

void Family::handle_pending() {
  int status = 0;
  for (pid_t tid; (tid = waitpid(-1, &status, __WALL | WNOHANG)) > 0;)
    handle(tid, status);
}

void Family::detach() {
  constexpr std::chrono::seconds kPatience{5}; // whoever does not report until then is in the kernel, and in no breakpoint
  constexpr timespec kLittle{.tv_sec = 0, .tv_nsec = 1'000'000};
  const auto began = std::chrono::steady_clock::now();
  letting_go_ = true;
  for (const auto &[pid, process] : processes_)
    process->space->breakpoints.remove_all();
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  for (handle_pending(); !all_have_passed() && std::chrono::steady_clock::now() - began < kPatience; handle_pending())
    sigtimedwait(&child, nullptr, &kLittle);
  processes_.clear();
  of_thread_.clear();
}

} // namespace initorder
