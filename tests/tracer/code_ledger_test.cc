// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is written into code is noted, and put back by whoever is left.
#include "tracer/process/breakpoints.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>

#include <sys/wait.h>
#include <unistd.h>

namespace initorder {
namespace {

[[gnu::noinline, gnu::used]] int never_called(int x) { return x + 1; }
const RemoteAddr kPlace{reinterpret_cast<std::uintptr_t>(&never_called)};

/// A process with our code, as long as this lives.
struct Child {
  pid_t pid = fork();
  Child() {
    while (pid == 0)
      pause();
  }
  ~Child() {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
  }
};

std::byte code_of(pid_t pid) {
  std::byte out{};
  CodeLedger *ledger = *CodeLedger::make();
  Breakpoints(pid, *ledger).read_code(kPlace, std::span(&out, 1));
  return out;
}

TEST(CodeLedger, PutsBackWhatIsNoted) {
  const Child child;
  CodeLedger *ledger = *CodeLedger::make();
  Breakpoints breakpoints(child.pid, *ledger);
  const std::byte own = code_of(child.pid);
  ASSERT_TRUE(breakpoints.add_return(kPlace));
  ASSERT_EQ(code_of(child.pid), arch::kBreakpoint);
  const CodeLedger::Restored restored = ledger->restore();
  EXPECT_EQ(restored.bytes, 1u);
  EXPECT_EQ(code_of(child.pid), own);
}

TEST(CodeLedger, NotesTheProcessWhicheverThreadItsMemoryIsReachedThrough) {
  const Child one, other;
  CodeLedger *ledger = *CodeLedger::make();
  Breakpoints breakpoints(one.pid, *ledger);
  ASSERT_TRUE(breakpoints.add_return(kPlace));
  breakpoints.write_through(other.pid); // any number that is not the process's
  ASSERT_TRUE(breakpoints.add_return(kPlace + 1));
  EXPECT_EQ(ledger->restore().processes, 1u);
}

TEST(CodeLedger, WhatWasTakenAwayIsLeftAlone) {
  const Child child;
  CodeLedger *ledger = *CodeLedger::make();
  Breakpoints breakpoints(child.pid, *ledger);
  ASSERT_TRUE(breakpoints.add_return(kPlace));
  breakpoints.remove_return(kPlace);
  EXPECT_EQ(ledger->restore().bytes, 0u);
}

} // namespace
} // namespace initorder
