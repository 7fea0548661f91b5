// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A program that runs already is followed, and let go of as if nothing had been; what cannot be is one clear line.
#include "support.h"

#include "tracer/process/attach.h"
#include "tracer/process/thread_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sched.h>
#include <sys/ptrace.h>
#include <unistd.h>

namespace initorder::test {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kFunctions = {"=traced", "traced_stepped", "=fork", "vfork", "execl", "=waitpid", "kill", "phase"};

struct Shape {
  std::string name;
  std::string threads; ///< what goes_on.c is told to do meanwhile
};
void PrintTo(const Shape &shape, std::ostream *out) { *out << shape.name; }

class Attach : public testing::TestWithParam<Shape> {};

TEST_P(Attach, AgainAndAgain) {
  constexpr unsigned kRounds = 15;
  const Packs packs = packs_for(kFunctions);
  Running running({program("goes_on"), GetParam().threads});
  const AttachOptions options{.pid = running.pid(), .follow = {.packs = &packs, .names = false}};
  for (unsigned i = 0; i < kRounds; ++i) {
    StopsAt sink(2 + i * 37 % 101, StopsAt::How::asks_for_the_end);
    const auto end = attach(options, sink);
    ASSERT_TRUE(end) << end.error().text();
    ASSERT_EQ(end->why, TraceEnd::Why::interrupted);
    ASSERT_GE(sink.seen(), 2 + i * 37 % 101);
    ASSERT_EQ(state_of(running.pid()).tracer, 0);
  }
  const Outcome outcome = running.finish();
  EXPECT_EQ(outcome.output, "code that differs: 0\n");
  EXPECT_EQ(outcome.ending(), "exit 0");
}

INSTANTIATE_TEST_SUITE_P(Shapes, Attach,
                         testing::Values(Shape{"threads", "tt"}, Shape{"forks", "tff"}, Shape{"vforks", "tvv"},
                                         Shape{"signals", "tts"}),
                         [](const auto &one) { return one.param.name; });

std::string refusal(pid_t pid) {
  const Packs packs = packs_for({"traced"});
  StopsAt sink(1, StopsAt::How::asks_for_the_end);
  const auto end = attach({.pid = pid, .follow = {.packs = &packs}}, sink);
  EXPECT_FALSE(end);
  EXPECT_EQ(sink.seen(), 0u);
  return end ? "" : end.error().text();
}

TEST(CannotAttach, NoSuchProcess) { EXPECT_EQ(refusal(999999999), "process 999999999: there is no such process"); }

TEST(CannotAttach, ThisProgramItself) {
  EXPECT_EQ(refusal(getpid()), "process " + std::to_string(getpid()) + ": is this program itself");
}

TEST(CannotAttach, AnothersTracee) {
  Running running({program("goes_on"), ""});
  ASSERT_EQ(ptrace(PTRACE_SEIZE, running.pid(), nullptr, nullptr), 0);
  EXPECT_THAT(refusal(running.pid()), HasSubstr("is traced already by " + std::to_string(getpid()) + " (tracer_tests)"));
  kill(running.pid(), SIGKILL);
  EXPECT_EQ(running.finish().ending(), "signal 9");
}

} // namespace
} // namespace initorder::test
