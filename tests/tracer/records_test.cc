// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the trace of a program says, beside what the program did.
#include "support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

namespace initorder::test {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;
using How = trace::ProcessStarted::How;

std::vector<int> exit_statuses(const TracedRun &run) {
  std::vector<int> out;
  for (const auto &ended : run.all<trace::ProcessEnded>())
    out.push_back(ended.status.value_or(-1));
  return out;
}

unsigned started(const TracedRun &run, How how) {
  const auto all = run.all<trace::ProcessStarted>();
  return static_cast<unsigned>(std::count_if(all.begin(), all.end(), [&](const auto &one) { return one.how == how; }));
}

std::vector<std::int64_t> results(const TracedRun &run, const std::string &function) {
  std::vector<std::int64_t> out;
  for (const auto &call : run.all<trace::Called>())
    for (const auto &returned : run.all<trace::Returned>())
      if (call.function == function && returned.call == call.call)
        out.push_back(returned.result.value_or(-1) & 0xffffffff);
  return out;
}

TEST(Records, NumbersHaveNoGapsAndTheLastSaysWhy) {
  const auto run = run_traced({program("ends"), "3"}, packs_for({"traced"}));
  for (std::size_t i = 0; i < run.records.size(); ++i)
    EXPECT_EQ(run.records[i].number, i);
  ASSERT_FALSE(run.records.empty());
  EXPECT_TRUE(std::holds_alternative<trace::Began>(run.records.front().what));
  EXPECT_TRUE(std::holds_alternative<trace::Finished>(run.records.back().what));
  EXPECT_THAT(exit_statuses(run), ElementsAre(3));
}

TEST(Records, SignalThatKills) {
  const auto run = run_traced({program("ends"), "segv"}, packs_for({"traced"}));
  ASSERT_EQ(run.all<trace::ProcessEnded>().size(), 1u);
  EXPECT_EQ(run.all<trace::ProcessEnded>()[0].signal, SIGSEGV);
  ASSERT_EQ(run.all<trace::SignalReceived>().size(), 1u);
  EXPECT_EQ(run.all<trace::SignalReceived>()[0].signal, SIGSEGV);
}

TEST(Records, EachForkedChildAndItsEnd) {
  const auto run = run_traced({program("forks")}, packs_for({"traced"}));
  EXPECT_EQ(started(run, How::launched), 1u);
  EXPECT_EQ(started(run, How::forked), 6u);
  EXPECT_THAT(exit_statuses(run), UnorderedElementsAre(10, 11, 12, 1, 2, 3, 0));
  EXPECT_EQ(run.calls("traced"), 6u);
}

TEST(Records, DaemonAndItsWorkerAreFollowed) {
  const auto run = run_traced({program("daemonizes")}, packs_for({"=traced"}));
  EXPECT_THAT(exit_statuses(run), UnorderedElementsAre(3, 4, 21, 5));
  EXPECT_THAT(results(run, "traced"), ElementsAre(2, 21));
}

// Two of the borrowers become a shell. The last one goes on when the process whose memory it is has ended.
TEST(Records, BorrowersOfMemory) {
  const auto run = run_traced({program("borrows")}, packs_for({"=traced"}));
  EXPECT_EQ(started(run, How::vforked), 5u);
  EXPECT_EQ(started(run, How::forked), 3u);
  EXPECT_EQ(run.all<trace::ProcessExecuted>().size(), 3u);
  EXPECT_THAT(results(run, "traced"),
              ElementsAre(6, 40, 60, 80, 2, 20, 40, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18));
}

TEST(Records, ThreadsThatExecEnds) {
  const auto run = run_traced({program("execs")}, packs_for({"traced"}));
  EXPECT_EQ(run.all<trace::ProcessExecuted>().size(), 6u);
  EXPECT_EQ(run.all<trace::ThreadStarted>().size(), 20u);
  EXPECT_EQ(started(run, How::launched) + started(run, How::forked), 1u);
  EXPECT_THAT(exit_statuses(run), ElementsAre(1));
}

// 4 threads, 100 rounds each.
TEST(Records, EachHitOnceWhateverTheFirstInstruction) {
  const std::vector<std::string> functions = {
      "traced_endbr", "traced_push",   "traced_sub",  "traced_test",  "traced_cmpb",    "traced_load", "traced_movsb",
      "traced_stosb", "traced_canary", "traced_lock", "traced_jump",  "traced_jump_near", "traced_call",
      "traced_return", "traced_xadd", "traced_movd", "traced_jrcxz", "traced_loop", "traced_enter",
      "traced_pushf", "traced_memory", "traced_wide", "traced_store", "traced_store_int"};
  const auto run = run_traced({program("first_instructions")}, packs_for(functions));
  for (const std::string &function : functions)
    EXPECT_EQ(run.calls(function), 400u) << function;
}

TEST(Records, Recursion) {
  const auto run = run_traced({program("returns")}, packs_for({"=traced_depth"}));
  auto sums = results(run, "traced_depth");
  ASSERT_EQ(sums.size(), 11u + 3 * 3);
  sums.resize(11);
  EXPECT_THAT(sums, ElementsAre(55, 45, 36, 28, 21, 15, 10, 6, 3, 1, 0));
}

TEST(Records, CallsThatNeverReturn) {
  const auto run = run_traced({program("returns")}, packs_for({"=traced_leaves", "=traced_depth"}));
  EXPECT_EQ(run.calls("traced_leaves"), 6u);
  EXPECT_THAT(results(run, "traced_leaves"), ElementsAre(1, 2, 4, 5));
}

TEST(Records, TailCallsReturnTogether) {
  const auto run = run_traced({program("returns")}, packs_for({"=traced_tail", "=traced_tail_target"}));
  EXPECT_THAT(results(run, "traced_tail"), ElementsAre(6));
  EXPECT_THAT(results(run, "traced_tail_target"), ElementsAre(6));
}

TEST(Records, FunctionThatReturnsInBothProcesses) {
  const auto run = run_traced({program("returns")}, packs_for({"=traced_forks"}));
  EXPECT_EQ(run.calls("traced_forks"), 1u);
  EXPECT_THAT(results(run, "traced_forks"), UnorderedElementsAre(1, 1001));
}

// Loaded five times at what may be the same address: breakpoints and constructors are there each time.
TEST(Records, ObjectThatComesAndGoes) {
  const auto run = run_traced({program("loads"), program("plugin.so")}, packs_for({"=traced_in_plugin"}));
  EXPECT_THAT(results(run, "traced_in_plugin"), ElementsAre(41, 40, 41, 41, 41, 42, 41, 43, 41, 44));
  const auto is_plugin = [](const auto &what) { return what.object == program("plugin.so"); };
  const auto loaded = run.all<trace::ObjectLoaded>();
  const auto unloaded = run.all<trace::ObjectUnloaded>();
  EXPECT_EQ(std::count_if(loaded.begin(), loaded.end(), is_plugin), 5);
  EXPECT_EQ(std::count_if(unloaded.begin(), unloaded.end(), is_plugin), 5);
  const auto entries = run.all<trace::EntryBegan>();
  EXPECT_EQ(std::count_if(entries.begin(), entries.end(), [](const auto &one) { return one.module == "plugin.so"; }), 5);
}

// What is read through /proc/PID of a process whose first thread has ended is empty.
TEST(Records, FirstThreadHasEnded) {
  const auto run = run_traced({program("first_thread_ends"), program("plugin.so")}, packs_for({"=traced", "=traced_in_plugin"}));
  EXPECT_THAT(results(run, "traced"), ElementsAre(2, 2, 11, 21, 31));
  EXPECT_THAT(results(run, "traced_in_plugin"), ElementsAre(42));
  EXPECT_THAT(exit_statuses(run), ElementsAre(11, 21, 31));
  EXPECT_EQ(started(run, How::vforked), 1u);
}

TEST(Records, Constructors) {
  const auto run = run_traced({program("constructors")}, packs_for({"traced"}));
  const auto entries = run.all<trace::EntryBegan>();
  EXPECT_EQ(std::count_if(entries.begin(), entries.end(), [](const auto &one) { return one.module == "constructors"; }), 3);
}

// What only one tracer can have, and what the kernel says of it: the program can tell, and this is all it can.
TEST(Visible, TracerIsNamedAndHasTheOnlyPlace) {
  const auto run = run_traced({program("tracers")}, packs_for({"traced"}));
  EXPECT_EQ(run.output, "traced 1, by its parent 0\nPTRACE_TRACEME: Operation not permitted\nPTRACE_SEIZE: Operation not permitted\n");
  EXPECT_EQ(test::run({program("tracers")}).output, "traced 0, by its parent 0\nPTRACE_TRACEME: yes\nPTRACE_SEIZE: yes\n");
}

// returns.c calls it fifteen times.
TEST(Records, SayFromWhenAFunctionIsLeftAlone) {
  Packs packs = packs_for({"traced_depth"});
  packs.libraries[0].functions[0].trace.first = 3;
  const TracedRun run = run_traced({program("returns")}, packs);
  EXPECT_EQ(run.calls("traced_depth"), 3u);
  const auto spent = run.all<trace::BudgetSpent>();
  ASSERT_EQ(spent.size(), 1u);
  EXPECT_EQ(spent[0].function, "traced_depth");
  EXPECT_EQ(spent[0].library, "test");
  EXPECT_EQ(spent[0].calls, 3u);
  EXPECT_FALSE(spent[0].in_children);
}

TEST(Records, SayNothingOfAFunctionThatIsSeenToTheEnd) {
  EXPECT_TRUE(run_traced({program("returns")}, packs_for({"traced_depth"})).all<trace::BudgetSpent>().empty());
}

} // namespace
} // namespace initorder::test
