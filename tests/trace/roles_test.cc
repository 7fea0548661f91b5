// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Who is the main process, who a worker, and in which order their events stand.
#include "tests/trace/small_packs.h"

namespace initorder::trace {
namespace {

constexpr ProcessNumber kFirst{1}, kSecond{2}, kThird{3};

/// A timeline with calls that matter for their effect only.
struct Does {
  Timeline timeline;
  Does &in(ProcessNumber process) { return timeline.in(process), *this; }
  Does &calls(std::string effect) {
    timeline.calls("anything", "threads", {std::move(effect)}).returns(0);
    return *this;
  }
};

} // namespace

TEST(Roles, AWorkersEventsStandWhereItWasForked) {
  Does run;
  run.calls("one").timeline.forks_worker(kFirst);
  run.calls("two").in(kFirst).calls("three").in(kLaunched).calls("four").timeline.forks_worker(kSecond);
  run.in(kSecond).calls("five").in(kFirst).calls("six");
  EXPECT_THAT(effects_of(run.timeline), ElementsAre("0 one", "1 three", "1 six", "0 two", "0 four", "2 five"));
}

TEST(Roles, PlacesSayMainAndWorker) {
  Does run;
  run.calls("one").timeline.forks_worker(kFirst);
  run.in(kFirst).calls("two");
  const std::vector<Event> events = events_of(run.timeline);
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].place.process, ProcessRole::main);
  EXPECT_EQ(events[1].place.process, ProcessRole::worker);
  EXPECT_EQ(events[1].certainty, Certainty::always);
}

TEST(Roles, AfterDaemonizeTheGrandchildIsMainAndItsPastIsItsOwn) {
  Does run;
  run.timeline.phase("load");
  run.calls("load").timeline.phase_ends().forks(kFirst);
  run.in(kFirst).calls("between").timeline.forks(kSecond);
  run.in(kLaunched).calls("parent at exit").timeline.exits();
  run.in(kFirst).calls("child at exit").timeline.exits();
  run.in(kSecond).timeline.phase("mod-init");
  run.calls("mod-init").timeline.phase_ends().forks_worker(kThird);
  run.in(kThird).calls("worker");
  EXPECT_THAT(effects_of(run.timeline), ElementsAre("0 load", "0 between", "0 mod-init", "1 worker"));
  const Processes processes = processes_of(run.timeline.records(), small_host());
  EXPECT_EQ(processes.main, kSecond);
  EXPECT_EQ(processes.all.at(kLaunched).name, "parent of the daemon");
  EXPECT_EQ(processes.all.at(kThird).name, "worker");
}

TEST(Roles, TheDaemonIsKnownBeforeItForksWorkers) {
  Does run;
  run.timeline.phase("load");
  run.calls("load").timeline.forks(kFirst).exits();
  run.in(kFirst).calls("daemon");
  EXPECT_EQ(processes_of(run.timeline.records(), small_host()).main, kFirst);
}

TEST(Roles, AShellThatStartsTheServerIsNoPartOfIt) {
  Does run;
  run.calls("shell").timeline.forks(kFirst);
  run.in(kFirst).calls("still shell").timeline.add(ProcessExecuted{"/usr/sbin/server"});
  run.calls("server").timeline.forks_worker(kSecond);
  run.in(kSecond).calls("worker").in(kLaunched).calls("shell again");
  EXPECT_THAT(effects_of(run.timeline), ElementsAre("0 server", "2 worker"));
}

TEST(Roles, WhatAChildExecutesIsNoPartOfTheServer) {
  Does run;
  run.calls("main").timeline.forks(kFirst);
  run.in(kFirst).calls("still the server").timeline.add(ProcessExecuted{"/bin/mail"});
  run.calls("mail").timeline.forks(kThird);
  run.in(kThird).calls("child of mail");
  EXPECT_THAT(effects_of(run.timeline), ElementsAre("0 main", "1 still the server"));
  EXPECT_THAT(processes_of(run.timeline.records(), small_host()).remarks, IsEmpty());
  EXPECT_EQ(processes_of(run.timeline.records(), small_host()).all.at(kFirst).name, "mail");
}

TEST(Roles, AChildThatTheHostDidNotForkIsAWorkerWithARemark) {
  Does run;
  run.calls("main").timeline.forks_worker(kFirst).forks(kSecond);
  run.in(kSecond).calls("raw");
  EXPECT_THAT(effects_of(run.timeline), ElementsAre("0 main", "2 raw"));
  EXPECT_THAT(processes_of(run.timeline.records(), small_host()).remarks,
              ElementsAre(HasSubstr("process 2 (pid 102) was not forked by the host's own function")));
}

TEST(Roles, AnEmptyOrForgedTraceHasNoEvents) {
  EXPECT_THAT(sequence_of({}, small_host(), small_libraries()).events, IsEmpty());
  Timeline own_parent;
  own_parent.add(ProcessStarted{.how = ProcessStarted::How::forked, .parent = kLaunched, .by_host = true});
  own_parent.add(ProcessEnded{});
  EXPECT_THAT(effects_of(own_parent), IsEmpty());
}

TEST(Phases, BetweenTwoPhasesTheLastOneHolds) {
  Does run;
  run.calls("before").timeline.phase("load").phase_ends();
  run.calls("after load").timeline.phase("mod-init");
  run.calls("in mod-init").timeline.phase_ends().forks_worker(kFirst);
  run.in(kFirst).calls("in a worker");
  std::vector<std::string> phases;
  for (const Event &event : events_of(run.timeline))
    phases.push_back(event.effect + ": " + event.place.phase);
  EXPECT_THAT(phases,
              ElementsAre("before: load", "after load: load", "in mod-init: mod-init", "in a worker: mod-init"));
}

TEST(Phases, TheModuleIsThatOfTheRecord) {
  Does run;
  run.timeline.phase("mod-init").entry("tls", "mod_init");
  run.calls("one").timeline.entry_ends("mod_init");
  run.calls("two");
  EXPECT_EQ(events_of(run.timeline)[0].place.module, "tls");
  EXPECT_EQ(events_of(run.timeline)[1].place.module, "core");
}

} // namespace initorder::trace
