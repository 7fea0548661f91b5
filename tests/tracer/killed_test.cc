// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tracer is killed with SIGKILL in the middle of things: the program goes on as if nothing had been.
#include "support.h"

#include "tracer/process/attach.h"
#include "tracer/process/thread_state.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder::test {
namespace {

const std::vector<std::string> kFunctions = {"=traced", "traced_stepped", "=fork", "vfork", "execl", "=waitpid", "kill", "phase"};
const std::string kWell = "code that differs: 0\n";

/// As packs_for(), but what the threads call all the time is gone from the code after a few calls.
constexpr unsigned kFirst = 3;
Packs used_up_soon() {
  Packs packs = packs_for({"=traced", "traced_stepped", "kill", "fork", "execl"});
  for (LibraryFunction &function : packs.libraries[0].functions)
    function.trace.first = kFirst;
  return packs;
}

std::vector<pid_t> threads_of(pid_t process) {
  std::vector<pid_t> out;
  for (const auto &task : std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task"))
    out.push_back(std::stoi(task.path().filename()));
  return out;
}

/// t0 a thread runs into a breakpoint; t1 another one's stop takes it away; t2 the first, which had to wait for a processor, reports.
/// Until each of them has been seen elsewhere than in there.
void until_all_have_passed(pid_t process) {
  for (const pid_t thread : threads_of(process))
    for (ThreadState state = state_of(thread); state.state == 't' || state.has_pending(SIGTRAP); state = state_of(thread))
      sched_yield();
}

/// True of the last record of what the threads call: from there nobody comes to a breakpoint, or stands at one.
std::function<bool(const trace::Record &)> all_are_used_up(pid_t process) {
  return [=, calls = 0U, returns = 0U](const trace::Record &record) mutable {
    calls += std::holds_alternative<trace::Called>(record.what);
    returns += std::holds_alternative<trace::Returned>(record.what);
    const bool all = calls == 3 * kFirst && returns == kFirst;
    if (all)
      until_all_have_passed(process);
    return all;
  };
}

struct Shape {
  std::string name;
  std::string threads; ///< what goes_on.c is told to do meanwhile
};
void PrintTo(const Shape &shape, std::ostream *out) { *out << shape.name; }

class Killed : public testing::TestWithParam<Shape> {};

// One program, attached to again and again. How many records are seen before the end differs each time.
TEST_P(Killed, AttachedProgramGoesOn) {
  constexpr unsigned kRounds = 12;
  const Packs packs = packs_for(kFunctions);
  Running running({program("goes_on"), GetParam().threads});
  const AttachOptions options{.pid = running.pid(), .follow = {.packs = &packs, .names = false}};
  for (unsigned i = 0; i < kRounds; ++i) {
    StopsAt sink(2 + i * 37 % 101, StopsAt::How::is_killed);
    run_apart(
        [&](trace::Sink &to) {
          if (const auto end = attach(options, to); !end)
            ADD_FAILURE() << end.error().text();
        },
        sink);
    EXPECT_EQ(sink.first(), running.pid()) << "round " << i;
    if (HasFailure())
      break; // how it ended says more
  }
  const Outcome outcome = running.finish();
  EXPECT_EQ(outcome.output, kWell);
  EXPECT_EQ(outcome.ending(), "exit 0");
}

TEST_P(Killed, LaunchedProgramGoesOn) {
  constexpr unsigned kRounds = 8;
  const Packs packs = packs_for(kFunctions);
  for (unsigned i = 0; i < kRounds; ++i) {
    int input[2], output[2];
    ASSERT_EQ(pipe2(input, O_CLOEXEC), 0);
    ASSERT_EQ(pipe2(output, O_CLOEXEC), 0);
    StopsAt sink(3 + i * 37 % 151, StopsAt::How::is_killed);
    run_apart(
        [&](trace::Sink &to) {
          dup2(input[0], 0);
          dup2(output[1], 1);
          static_cast<void>(trace_command({.command = {program("goes_on"), GetParam().threads}, .packs = &packs, .names = false}, to));
        },
        sink);
    ASSERT_NE(sink.first(), 0) << "round " << i;
    close(input[0]);
    close(input[1]);
    close(output[1]);
    int status = 0;
    ASSERT_EQ(waitpid(sink.first(), &status, 0), sink.first()) << "round " << i;
    char text[256];
    const auto got = read(output[0], text, sizeof text);
    close(output[0]);
    ASSERT_EQ(std::string(text, got > 0 ? static_cast<std::size_t>(got) : 0), kWell) << "round " << i;
    ASSERT_EQ(status, 0) << "round " << i;
  }
}

// The guardian, while nobody can stand at a breakpoint (docs/tracing.md, "What remains"): those that are left, where nobody
// comes, are taken away by the front.
TEST(GuardianKilled, AttachedProgramGoesOn) {
  constexpr unsigned kRounds = 8;
  const Packs packs = used_up_soon();
  Running running({program("goes_on"), "tts"});
  while (threads_of(running.pid()).size() < 4) // it is loaded, and has begun
    sched_yield();
  const AttachOptions options{.pid = running.pid(), .follow = {.packs = &packs, .for_time = std::chrono::seconds(20), .names = false}};
  for (unsigned i = 0; i < kRounds; ++i) {
    StopsAt sink(all_are_used_up(running.pid()), StopsAt::How::kills_the_guardian);
    const int ended = run_apart(
        [&](trace::Sink &to) {
          const auto end = attach(options, to);
          _exit(end && end->why == TraceEnd::Why::lost ? 0 : 1);
        },
        sink);
    ASSERT_EQ(sink.first(), running.pid()) << "round " << i << ": it has died";
    ASSERT_EQ(ended, 0) << "round " << i << ": the front says that the guardian was killed";
  }
  const Outcome outcome = running.finish();
  EXPECT_EQ(outcome.output, kWell);
  EXPECT_EQ(outcome.ending(), "exit 0");
}

INSTANTIATE_TEST_SUITE_P(Shapes, Killed,
                         testing::Values(Shape{"threads", "tt"}, Shape{"forks", "tff"}, Shape{"vforks", "tvv"},
                                         Shape{"signals", "tts"}),
                         [](const auto &one) { return one.param.name; });

} // namespace
} // namespace initorder::test
