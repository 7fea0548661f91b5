// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/tracee.h"

#include "tracer/process/stop.h"

#include <cerrno>
#include <csignal>
#include <cstdint>

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder {

std::optional<arch::Registers> Tracee::registers() const {
  arch::Registers out;
  if (ptrace(PTRACE_GETREGS, tid_, nullptr, &out) != 0)
    return {};
  return out;
}

bool Tracee::set_registers(const arch::Registers &registers) const {
  return ptrace(PTRACE_SETREGS, tid_, nullptr, &registers) == 0;
}

static void *as_data(int signal) { return reinterpret_cast<void *>(static_cast<std::intptr_t>(signal)); }

bool Tracee::resume(int signal) const { return ptrace(PTRACE_CONT, tid_, nullptr, as_data(signal)) == 0; }
bool Tracee::listen() const { return ptrace(PTRACE_LISTEN, tid_, nullptr, nullptr) == 0; }
bool Tracee::interrupt() const { return ptrace(PTRACE_INTERRUPT, tid_, nullptr, nullptr) == 0; }
bool Tracee::detach(int signal) const { return ptrace(PTRACE_DETACH, tid_, nullptr, as_data(signal)) == 0; }

/// All signals but those that the instruction itself can raise.
static std::uint64_t outside_signals() {
  std::uint64_t mask = ~std::uint64_t{0};
  for (const int raised : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP})
    mask &= ~(std::uint64_t{1} << (raised - 1));
  return mask;
}

/// t0 another thread's SIGSTOP stops the process; t1 we step this thread; t2 it reports the stop first. It must be behind
/// the instruction before it stands still: else it would run into the breakpoint again afterwards, and be counted twice.
bool Tracee::step_through_stops(int &status) const {
  bool process_stops = false, stopping = false;
  bool stepped = false;
  while (ptrace(PTRACE_SINGLESTEP, tid_, nullptr, nullptr) == 0) {
    while (waitpid(tid_, &status, __WALL) < 0 && errno == EINTR) {
    }
    const Stop stop = decode_stop(tid_, status);
    const auto *signalled = std::get_if<Signalled>(&stop);
    stepped = std::holds_alternative<Trapped>(stop);
    if (std::holds_alternative<GroupStopped>(stop))
      process_stops = true;
    else if (std::holds_alternative<Interrupted>(stop)) // SIGCONT
      process_stops = stopping = false;
    else if (signalled && signalled->signal == SIGSTOP) // cannot be blocked
      stopping = true;
    else
      break;
  }
  if (stopping)
    syscall(SYS_tkill, tid_, SIGSTOP);
  if (process_stops)
    interrupt(); // reports what the process does now
  return stepped;
}

bool Tracee::step(int &status) const {
  std::uint64_t before = 0;
  std::uint64_t blocked = outside_signals();
  if (ptrace(PTRACE_GETSIGMASK, tid_, sizeof before, &before) != 0)
    return false;
  blocked |= before;
  ptrace(PTRACE_SETSIGMASK, tid_, sizeof blocked, &blocked);
  const bool stepped = step_through_stops(status);
  ptrace(PTRACE_SETSIGMASK, tid_, sizeof before, &before);
  return stepped;
}

// The kernel unblocks a signal that it forces on a thread (force_sig_info_to_task() in its signal.c), and does not say so.
// Who blocks every other signal has called sigfillset().
void Tracee::block_trap_again() const {
  constexpr auto bit = [](int signal) { return std::uint64_t{1} << (signal - 1); };
  constexpr std::uint64_t kStandard = (std::uint64_t{1} << 31) - 1;
  constexpr std::uint64_t kFilled = kStandard & ~(bit(SIGKILL) | bit(SIGSTOP) | bit(SIGTRAP));
  std::uint64_t mask = 0;
  if (ptrace(PTRACE_GETSIGMASK, tid_, sizeof mask, &mask) != 0 || (mask & kFilled) != kFilled)
    return;
  mask |= bit(SIGTRAP);
  ptrace(PTRACE_SETSIGMASK, tid_, sizeof mask, &mask);
}

} // namespace initorder
