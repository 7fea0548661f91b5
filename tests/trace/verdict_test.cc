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

TEST(Verdict, WhatIsNotWatchedIsNotMissing) {
  const auto rule = [](const char *cure) {
    return check("cure", {.match = {.effects = {"state.create"}},
                          .unless = {{.order = Companion::Order::later, .selector = {.effects = {cure}}}}});
  };
  Timeline run;
  run.phase("mod-init").calls("rand", "crypto", {"state.create"});
  EXPECT_THAT(verdict(run, rule("tsd.clear")).findings, SizeIs(1));
  EXPECT_THAT(verdict(run, rule("tsd.clear")).untold, IsEmpty());
  EXPECT_THAT(verdict(run, rule("unseen")).findings, IsEmpty());
  EXPECT_THAT(verdict(run, rule("unseen")).untold, ElementsAre(HasSubstr("cannot tell whether cure is broken")));
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
