// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/verdict.h"

#include "tests/trace/small_packs.h"

namespace initorder::trace {
namespace {

Packs small_packs() {
  Packs packs;
  packs.hosts = {small_host()};
  packs.hosts[0].trace.programs = {"server"};
  packs.libraries = small_libraries();
  return packs;
}
Check check(std::string id, Pattern pattern) {
  return {.id = std::move(id), .patterns = {std::move(pattern)}};
}

Verdict verdict(const Timeline &run, const Check &rule) {
  const Packs packs = small_packs();
  return verdict_of(run.records(), packs.hosts[0], packs, {rule});
}

} // namespace

TEST(Verdict, ABrokenRuleIsAFinding) {
  const Check rule = check("early", {.match = {.effects = {"state.create"}, .before_fork = true}, .says = "'{call}'"});
  Timeline run;
  run.phase("mod-init").calls("rand", "crypto", {"state.create"});
  run.from({frame("libcrypto.so.3", "rand"), frame("tls.so", "", 0x20)});
  const Verdict early = verdict(run, rule);
  ASSERT_THAT(early.findings, SizeIs(1));
  EXPECT_EQ(early.findings[0].site.file, "tls.so+0x20");
  EXPECT_EQ(early.findings[0].certainty, Certainty::always);

  Timeline late;
  late.phase("fork").forks_worker(ProcessNumber{1}).in(ProcessNumber{1});
  late.phase("child-init").calls("rand", "crypto", {"state.create"});
  EXPECT_THAT(verdict(late, rule).findings, IsEmpty());
}

// A server that ran already: its past may have broken a rule, or excused what is seen now.
TEST(Verdict, WhatCameBeforeTheAttachIsNotJudged) {
  const Check seen = check("seen", {.match = {.effects = {"state.create"}}, .says = "'{call}'"});
  Check excused = check("excused", seen.patterns[0]);
  excused.patterns[0].unless.push_back({.order = Companion::Order::earlier, .selector = {.effects = {"tsd.clear"}}});
  Timeline run;
  run.calls("rand", "crypto", {"state.create"});
  run.from({frame("libcrypto.so.3", "rand"), frame("tls.so", "", 0x20)});
  std::vector<Record> records = run.records();
  std::get<ProcessStarted>(records[1].what).how = ProcessStarted::How::attached;
  const Packs packs = small_packs();
  const Verdict attached = verdict_of(records, packs.hosts[0], packs, {seen, excused});
  ASSERT_THAT(attached.findings, SizeIs(1));
  EXPECT_EQ(attached.findings[0].rule, "seen");
  ASSERT_THAT(attached.sequence.events, testing::Not(IsEmpty()));
  EXPECT_EQ(attached.sequence.events[0].place.phase, "");
  EXPECT_THAT(attached.untold, testing::Contains(testing::HasSubstr("before the attach: excused")));
  EXPECT_THAT(verdict_of(run.records(), packs.hosts[0], packs, {seen, excused}).findings, SizeIs(2));
}

Check cured_by(std::vector<std::string> cures) {
  return check("cure", {.match = {.effects = {"state.create"}},
                        .unless = {{.order = Companion::Order::later, .selector = {.effects = std::move(cures)}}},
                        .says = "'{call}' is not cured"});
}

TEST(Verdict, AnExcuseThatIsWatchedIsMissing) {
  Timeline run;
  run.phase("mod-init").calls("rand", "crypto", {"state.create"});
  EXPECT_THAT(verdict(run, cured_by({"tsd.clear"})).findings, SizeIs(1));
  EXPECT_THAT(verdict(run, cured_by({"tsd.clear"})).untold, IsEmpty());
}

TEST(Verdict, AnExcuseThatIsNotWatchedMayBeThere) {
  Timeline run;
  run.phase("mod-init").calls("rand", "crypto", {"state.create"});
  run.from({frame("libcrypto.so.3", "rand"), frame("tls.so", "", 0x20)});
  const Verdict made = verdict(run, cured_by({"unseen", "tsd.clear"}));
  EXPECT_THAT(made.findings, IsEmpty());
  EXPECT_THAT(made.untold, ElementsAre("cannot tell whether cure is broken at tls.so+0x20: 'rand' is not cured; unseen would excuse "
                                       "it, which the tracer does not watch"));
}

TEST(Verdict, WhatNeedsNoExcuseIsNotAskedForOne) {
  Timeline run;
  run.phase("mod-init").calls("key_create", "threads", {"tsd.key.create"});
  EXPECT_THAT(verdict(run, cured_by({"unseen"})).untold, IsEmpty());
}

// Another part of the same excuse is seen.
TEST(Verdict, WhatIsExcusedByWhatIsWatchedIsNotAskedForMore) {
  Timeline run;
  run.phase("mod-init").calls("rand", "crypto", {"state.create"}).calls("setspecific", "threads", {"tsd.clear"});
  EXPECT_THAT(verdict(run, cured_by({"unseen", "tsd.clear"})).untold, IsEmpty());
}

TEST(Verdict, SaysWhichRulesCanBeBrokenUnseen) {
  const Check rule = check("hot", {.match = {.effects = {"unseen"}}});
  const Check other = check("needy", {.match = {.effects = {"state.create"}}, .needs = {{.selector = {.effects = {"hidden"}}}}});
  const Check inspected = check("inspected", {.match = {.effects = {"state.shared"}}}); // by no call
  Packs packs = small_packs();
  LibraryFunction function{.name = "often_called", .effects = {{.effect = "unseen"}, {.effect = "hidden"}}};
  function.trace.off = true;
  packs.libraries[0].functions.push_back(function);
  EXPECT_THAT(verdict_of(Timeline().records(), packs.hosts[0], packs, {rule, other, inspected}).untold,
              ElementsAre("cannot tell whether these are broken by what the tracer does not watch: hot (unseen), needy (hidden)"));
}

TEST(Verdict, WhatOnlyAnotherHostCanDoIsMissing) {
  Packs packs = small_packs();
  packs.hosts.push_back({.name = "other", .phases = {{.id = "load", .entries = {{.effect = "interposed"}}}}});
  const Check rule = check("cure", {.match = {.effects = {"state.create"}},
                                    .unless = {{.order = Companion::Order::later, .selector = {.effects = {"interposed"}}}}});
  Timeline run;
  run.phase("mod-init").calls("rand", "crypto", {"state.create"});
  EXPECT_THAT(verdict_of(run.records(), packs.hosts[0], packs, {rule}).findings, SizeIs(1));
  EXPECT_THAT(verdict_of(run.records(), packs.hosts[1], packs, {rule}).findings, IsEmpty());
}

TEST(HostOf, IsTheOneThatTheTraceNames) {
  std::vector<HostPack> hosts{{.name = "other"}, {.name = "small"}};
  EXPECT_EQ(host_of(Timeline().records(), hosts), &hosts[1]);
}

TEST(HostOf, IsTheOneThatKnowsAnExecutedProgram) {
  HostPack host{.name = "another"};
  host.trace.programs = {"server"};
  const std::vector<HostPack> hosts{host};
  EXPECT_EQ(host_of(Timeline().records(), hosts), nullptr);
  EXPECT_EQ(host_of(Timeline().add(ProcessExecuted{"/usr/bin/env"}).records(), hosts), nullptr);
  EXPECT_EQ(host_of(Timeline().add(ProcessExecuted{"/usr/sbin/server"}).records(), hosts), &hosts[0]);
}

} // namespace initorder::trace
