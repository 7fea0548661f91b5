// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/tracee.h"

#include "tracer/process/stop.h"

#include <cerrno>
#include <csignal>
#include <cstdint>

#include <sys/ptrace.h>
#include <sys/wait.h>

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

bool Tracee::step(int &status) const {
  std::uint64_t before = 0;
  std::uint64_t blocked = outside_signals();
  if (ptrace(PTRACE_GETSIGMASK, tid_, sizeof before, &before) != 0)
    return false;
  blocked |= before;
  ptrace(PTRACE_SETSIGMASK, tid_, sizeof blocked, &blocked);
  bool stepped = false;
  if (ptrace(PTRACE_SINGLESTEP, tid_, nullptr, nullptr) == 0) {
    while (waitpid(tid_, &status, __WALL) < 0 && errno == EINTR) {
    }
    stepped = std::holds_alternative<Trapped>(decode_stop(tid_, status));
  }
  ptrace(PTRACE_SETSIGMASK, tid_, sizeof before, &before);
  return stepped;
}

} // namespace initorder
