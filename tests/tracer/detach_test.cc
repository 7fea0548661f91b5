// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A program that is let go in the middle of things goes on as if nothing had been: its code is that of its files, no
// SIGTRAP kills it, what was stopped stays stopped.
#include "support.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

namespace initorder::test {
namespace {

/// One phase, which ends when the program's phase() returns.
Packs packs_with_phase() {
  Packs packs = packs_for({"=traced", "traced_stepped", "=fork", "vfork", "execl", "=waitpid", "kill"});
  HostPack host{.name = "test"};
  host.phases.push_back({.id = "begun", .opened_by = {"phase"}});
  host.trace.programs = {"goes_on"};
  packs.hosts.push_back(std::move(host));
  return packs;
}

struct Shape {
  std::string name;
  std::string threads; ///< what goes_on.c is told to do meanwhile
  unsigned runs;
};
void PrintTo(const Shape &shape, std::ostream *out) { *out << shape.name; }

class Detach : public testing::TestWithParam<Shape> {};

TEST_P(Detach, GoesOn) {
  const Packs packs = packs_with_phase();
  const std::string stopped = GetParam().threads.find('g') == std::string::npos ? "" : "the stopped one: signal 15\n";
  unsigned calls = 0;
  for (unsigned i = 0; i < GetParam().runs; ++i) {
    int input[2];
    ASSERT_EQ(pipe2(input, O_CLOEXEC), 0);
    const TraceOptions options{.command = {program("goes_on"), GetParam().threads}, .packs = &packs, .until_phase = "begun",
                               .names = false};
    const TracedRun traced = run_until(options, {.input = input[0]}, [&] { close(input[1]); });
    close(input[0]);
    ASSERT_EQ(traced.output, stopped + "code that differs: 0\n") << "run " << i;
    ASSERT_EQ(traced.ending(), "exit 0") << "run " << i;
    ASSERT_EQ(traced.why, TraceEnd::Why::detached);
    calls += traced.calls("traced") + traced.calls("traced_stepped");
  }
  EXPECT_GT(calls, GetParam().runs);
}

INSTANTIATE_TEST_SUITE_P(Shapes, Detach,
                         testing::Values(Shape{"threads", "tt", 60}, Shape{"forks", "tff", 40},
                                         Shape{"vforks", "tvv", 40}, Shape{"signals", "tts", 30},
                                         Shape{"stopped_child", "tg", 30}, Shape{"first_thread_has_ended", "tfx", 30}),
                         [](const auto &one) { return one.param.name; });

} // namespace
} // namespace initorder::test
