// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Temporary threads, and those that a fork leaves behind.
#include "tests/trace/small_packs.h"

namespace initorder::trace {
namespace {

constexpr std::int64_t kHandle = 0x7f00;
constexpr std::int32_t kThread = 101;

/// main starts thread 101, which does something.
Timeline started() {
  Timeline run;
  run.calls("create", "threads", {"thread.start"}).starts_thread().returns(0, {{"thread", kHandle}});
  run.on(kThread).calls("rand", "crypto", {"state.create"}).on(100);
  return run;
}
Timeline &joined(Timeline &run) {
  return run.calls("join", "threads", {"thread.join"}).with({"thread", kHandle}).returns(0);
}
ThreadRole role_of(const Timeline &run) {
  for (const Event &event : events_of(run))
    if (event.effect == "state.create")
      return event.place.thread;
  ADD_FAILURE() << "no such event";
  return ThreadRole::main;
}

} // namespace

TEST(Threads, JoinedBeforeTheForkIsTemporary) {
  Timeline run = started();
  joined(run).forks_worker(ProcessNumber{1});
  EXPECT_EQ(role_of(run), ThreadRole::temporary);
}

TEST(Threads, JoinedAfterTheForkIsNot) {
  Timeline run = started();
  joined(run.forks_worker(ProcessNumber{1}));
  EXPECT_EQ(role_of(run), ThreadRole::other);
}

TEST(Threads, EndedBeforeTheForkIsTemporary) {
  Timeline run = started();
  run.on(kThread).add(ThreadEnded{}).on(100).forks_worker(ProcessNumber{1});
  EXPECT_EQ(role_of(run), ThreadRole::temporary);
}

TEST(Threads, LeftRunningIsOther) {
  EXPECT_EQ(role_of(started().forks_worker(ProcessNumber{1})), ThreadRole::other);
  EXPECT_EQ(role_of(started()), ThreadRole::other);
}

TEST(Threads, AProcessThatExecutesLeavesNoThreadBehind) {
  Timeline run = started();
  run.forks(ProcessNumber{1}).in(ProcessNumber{1}).add(ProcessExecuted{"/bin/mail"}).in(kLaunched);
  joined(run).forks_worker(ProcessNumber{2});
  EXPECT_EQ(role_of(run), ThreadRole::temporary);
}

TEST(Threads, AWorkersFirstThreadIsItsMainThread) {
  Timeline run;
  run.forks_worker(ProcessNumber{1}).in(ProcessNumber{1}).calls("rand", "crypto", {"state.create"});
  EXPECT_EQ(role_of(run), ThreadRole::main);
}

TEST(Threads, AReusedThreadIdIsAnotherThread) {
  Timeline run = started();
  joined(run).on(kThread).add(ThreadEnded{}).on(100).add(ThreadStarted{kThread});
  run.on(kThread).calls("rand", "crypto", {"state.create"}).on(100).forks_worker(ProcessNumber{1});
  const std::vector<Event> events = events_of(run);
  EXPECT_EQ(events[1].place.thread, ThreadRole::temporary);
  EXPECT_EQ(events.back().place.thread, ThreadRole::other);
}

TEST(Threads, StartAndJoinAreTheSameResource) {
  Timeline run = started();
  joined(run);
  const std::vector<Event> events = events_of(run);
  ASSERT_THAT(events, SizeIs(3));
  ASSERT_TRUE(events[0].resource.has_value());
  EXPECT_EQ(events[0].resource, events[2].resource);
}

TEST(Threads, AThreadThatEndedIsAsGoodAsJoined) {
  Timeline run = started();
  run.on(kThread).add(ThreadEnded{}).on(100).forks_worker(ProcessNumber{1});
  const std::vector<Event> events = events_of(run);
  ASSERT_THAT(events, SizeIs(3));
  EXPECT_EQ(events[2].effect, "thread.join");
  EXPECT_EQ(events[2].resource, events[0].resource);
}

} // namespace initorder::trace
