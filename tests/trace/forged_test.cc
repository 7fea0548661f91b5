// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Traces that no tracer wrote: the verdict takes about as long as reading them.
#include "tests/trace/small_packs.h"
#include "tracer/trace/key_table.h"

namespace initorder::trace {

constexpr std::uint32_t kMany = 50'000;

TEST(Forged, ALongChainOfDaemons) {
  Timeline run;
  for (std::uint32_t i = 1; i < kMany; ++i)
    run.forks(ProcessNumber{i}).exits().in(ProcessNumber{i});
  EXPECT_EQ(processes_of(run.records(), small_host()).main, ProcessNumber{kMany - 1});
  EXPECT_THAT(events_of(run), IsEmpty());
}

TEST(Forged, ManyThreadsAndManyStarts) {
  Timeline run;
  for (std::uint32_t i = 0; i < kMany; ++i)
    run.calls("create", "threads", {"thread.start"}).add(ThreadStarted{7}).returns(0, {{"thread", 1}});
  EXPECT_THAT(events_of(run), SizeIs(kMany));
}

TEST(Forged, ManyKeysInManyProcesses) {
  Timeline run;
  for (std::uint32_t i = 1; i < kMany; ++i) {
    run.calls("key_create", "threads", {"tsd.key.create"}).returns(0, {{"key", i}});
    run.forks_worker(ProcessNumber{i});
  }
  const Processes processes = processes_of(run.records(), small_host());
  const KeyTable table = key_table(run.records(), processes, small_host(), small_libraries());
  EXPECT_THAT(table.rows, SizeIs(1024));
  EXPECT_EQ(table.left_out, kMany - 1 - 1024);
}

} // namespace initorder::trace
