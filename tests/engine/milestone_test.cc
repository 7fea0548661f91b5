// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/engine/timeline.h"

namespace initorder {

namespace {
const Pattern kTooEarly{.match = {.effects = {"key"}, .before = "keys-fixed"}};
const Pattern kLate{.match = {.effects = {"key"}, .after = "keys-fixed"}};
} // namespace

TEST(Milestone, EventBeforeAndAfterAnEventMilestone) {
  const auto run =
      Timeline().main("mod-init", "key", 1).main("mod-init", "atfork.register", 2).in("tls").main("mod-init", "key", 3);
  EXPECT_THAT(judge_one(run, kTooEarly), ElementsAre(AtLine(1)));
  EXPECT_THAT(judge_one(run, kLate), ElementsAre(AtLine(3)));
}

TEST(Milestone, TheMilestoneEventIsRelated) {
  const auto run = Timeline().main("register", "key", 1).main("mod-init", "atfork.register", 2).in("tls");
  const auto findings = judge_one(run, kTooEarly);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].related, ElementsAre(HasEffect("atfork.register")));
}

TEST(Milestone, TheMilestoneItselfIsNeitherBeforeNorAfter) {
  const auto run = Timeline().main("mod-init", "atfork.register", 2).in("tls");
  EXPECT_THAT(judge_one(run, {.match = {.before = "keys-fixed"}}), IsEmpty());
  EXPECT_THAT(judge_one(run, {.match = {.after = "keys-fixed"}}), IsEmpty());
}

TEST(Milestone, AnEventOfAnotherModuleIsNotTheMilestone) {
  const auto run = Timeline().main("mod-init", "key", 1).main("mod-init", "atfork.register", 2).in("other");
  EXPECT_THAT(judge_one(run, kTooEarly), IsEmpty()); // tls-pre-init began earlier
}

TEST(Milestone, WithoutTheEventThePhaseBeginsIt) {
  const auto run = Timeline().main("register", "key", 1).main("tls-pre-init", "key", 2).main("mod-init", "key", 3);
  const auto findings = judge_one(run, kTooEarly);
  EXPECT_THAT(findings, ElementsAre(AtLine(1)));
  EXPECT_THAT(findings[0].related, IsEmpty());
  EXPECT_THAT(judge_one(run, kLate), ElementsAre(AtLine(2), AtLine(3)));
}

TEST(Milestone, APhaseWithoutEventsStillBegins) {
  EXPECT_THAT(judge_one(Timeline().main("register", "key", 1), kTooEarly), ElementsAre(AtLine(1)));
  EXPECT_THAT(judge_one(Timeline().main("mod-init", "key", 1), kTooEarly), IsEmpty());
}

TEST(Milestone, PhasesAreComparedByTheirOrderNotByPosition) {
  // A worker that is already in child-init while the main process still forks others.
  HostPack host = small_host();
  host.milestones[0].alternatives = {{.phase_begins = "child-init"}};
  const auto run = Timeline().worker(1, "child-init", "x", 1).main("fork", "key", 2).main("serving", "key", 3);
  EXPECT_THAT(judge({run.sequence()}, {check(kTooEarly)}, host), ElementsAre(AtLine(2)));
}

TEST(Milestone, AMilestoneThatTheSequenceLacksNeitherComesNorHasCome) {
  HostPack host = small_host();
  host.milestones[0].alternatives.pop_back();
  const auto run = Timeline().main("register", "key", 1);
  EXPECT_THAT(judge({run.sequence()}, {check(kTooEarly), check(kLate)}, host), IsEmpty());
}

TEST(Milestone, AMilestoneThatMayNotComeMakesTheFindingUncertain) {
  const auto run = Timeline().main("register", "key", 1).main("mod-init", "atfork.register", 2).in("tls").maybe();
  const auto findings = judge_one(run, kTooEarly);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].certainty, Certainty::maybe);
}

} // namespace initorder
