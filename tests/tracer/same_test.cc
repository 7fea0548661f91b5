// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each program prints the same and ends in the same way with the tracer and without it.
#include "support.h"

#include <gtest/gtest.h>

#include <csignal>

namespace initorder::test {
namespace {

struct Case {
  std::string name;
  std::vector<std::string> command; ///< the first is one of programs/
  std::vector<std::string> functions{};
};

void PrintTo(const Case &one, std::ostream *out) { *out << one.name; }

const std::vector<std::string> kFirstInstructions = {
    "traced_endbr", "traced_push", "traced_sub",    "traced_test",   "traced_cmpb",    "traced_load",  "traced_movsb",
    "traced_stosb", "traced_canary", "traced_self", "traced_lock",   "traced_jump",    "traced_jump_near",
    "traced_call",  "traced_return", "traced_syscall", "traced_xadd", "traced_movd",   "traced_pushimm",
    "traced_jrcxz", "traced_loop", "traced_enter",  "traced_div",    "traced_pushf",   "traced_nops",  "traced_memory",
    "traced_wide",  "traced_store", "traced_store_int"};

const std::vector<Case> kCases = {
    {"exit_0", {"ends", "0"}},
    {"exit_200", {"ends", "200"}},
    {"killed", {"ends", "kill"}},
    {"segmentation_fault", {"ends", "segv"}},
    {"abort", {"ends", "abort"}},
    {"int3", {"ends", "int3"}},
    {"ud2", {"ends", "ud2"}},
    {"terminated", {"ends", "term"}},
    {"first_thread_ends", {"ends", "thread"}},
    {"forks", {"forks"}, {"=fork", "_exit"}},
    {"borrows", {"borrows"}, {"=traced", "=vfork", "execl", "=posix_spawn"}},
    {"execs_from_a_thread", {"execs"}},
    {"daemonizes", {"daemonizes"}, {"=traced", "=fork", "setsid"}},
    {"group_stops", {"group_stops"}, {"=traced", "traced_stepped"}},
    {"own_traps", {"own_traps"}},
    {"signal_storm", {"signal_storm"}, {"=traced", "traced_stepped"}},
    {"masks", {"masks"}, {"=traced", "traced_stepped"}},
    {"first_instructions", {"first_instructions"}, kFirstInstructions},
    {"returns", {"returns"}, {"=traced_depth", "=traced_leaves", "=traced_tail", "=traced_tail_target", "=traced_forks",
                              "=traced_switches", "=setjmp", "longjmp"}},
    {"loads", {"loads", "PLUGIN"}, {"=traced_in_plugin", "=dlopen", "dlclose"}},
    {"constructors", {"constructors"}},
    {"first_thread_ends_early", {"first_thread_ends", "PLUGIN"}, {"=traced", "=traced_in_plugin"}},
    {"kills", {"kills"}, {"traced", "=fork"}},
};

class Same : public testing::TestWithParam<Case> {};

TEST_P(Same, OutputAndEnd) {
  std::vector<std::string> command = GetParam().command;
  for (std::string &word : command)
    word = word == "PLUGIN" ? program("plugin.so") : word;
  command[0] = program(command[0]);
  auto functions = GetParam().functions;
  if (functions.empty())
    functions = {"=traced"};
  const Outcome alone = run(command);
  const TracedRun traced = run_traced(command, packs_for(functions));
  EXPECT_EQ(traced.output, alone.output);
  EXPECT_EQ(traced.ending(), alone.ending());
  EXPECT_EQ(traced.why, TraceEnd::Why::all_ended);
}

INSTANTIATE_TEST_SUITE_P(Programs, Same, testing::ValuesIn(kCases), [](const auto &one) { return one.param.name; });

TEST(SameStart, EnvironmentDescriptorsAndLimits) {
  const std::vector<std::string> command = {program("looks"), "an argument", "", "--"};
  EXPECT_EQ(run_traced(command, packs_for({"traced"})).output, run(command).output);
}

TEST(SameStart, SignalsThatWereIgnoredOrBlocked) {
  const std::vector<std::string> command = {program("looks")};
  const Before setup{.ignored = {SIGCHLD, SIGPIPE, SIGINT}, .blocked = {SIGUSR1, SIGCHLD, SIGALRM}};
  EXPECT_EQ(run_traced(command, packs_for({"traced"}), setup).output, run(command, setup).output);
}

// A tracer that ignores SIGCHLD is not told of stops: it must not wait for that.
TEST(SameStart, ChildSignalIgnored) {
  const std::vector<std::string> command = {program("forks")};
  const Before setup{.ignored = {SIGCHLD}};
  const TracedRun traced = run_traced({program("ends"), "3"}, packs_for({"traced"}), setup);
  EXPECT_EQ(traced.ending(), "exit 3");
  EXPECT_EQ(traced.calls("traced"), 1u);
}

} // namespace
} // namespace initorder::test
