// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/engine/timeline.h"

namespace initorder {

TEST(Selector, EachGivenPartMustHold) {
  const auto run = Timeline()
                       .main("mod-init", "alloc", 1)
                       .main("mod-init", "alloc", 2)
                       .on(ThreadRole::temporary)
                       .main("register", "alloc", 3)
                       .main("mod-init", "free", 4)
                       .worker(1, "mod-init", "alloc", 5);
  const Selector alloc{
      .effects = {"alloc"}, .process = ProcessRole::main, .threads = {ThreadRole::main}, .phases = {"mod-init"}};
  EXPECT_THAT(judge_one(run, {.match = alloc}), ElementsAre(AtLine(1)));
}

TEST(Selector, AnEmptySelectorMeansEveryEvent) {
  const auto run = Timeline().main("mod-init", "alloc", 1).worker(1, "child-init", "free", 2);
  EXPECT_THAT(judge_one(run, {}), SizeIs(2));
}

TEST(Selector, AnEffectNamedTwiceCountsOnce) {
  const auto run = Timeline().main("mod-init", "alloc", 1);
  const auto findings = judge_one(run, {.match = {.effects = {"alloc", "alloc"}}});
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].events, SizeIs(1));
}

TEST(Selector, BeforeForkMeansAMainProcessPhaseThatWorkersInherit) {
  const auto run = Timeline()
                       .main("mod-init", "alloc", 1)
                       .main("serving", "alloc", 2)
                       .worker(1, "child-init", "alloc", 3)
                       .main("no-such-phase", "alloc", 4);
  EXPECT_THAT(judge_one(run, {.match = {.before_fork = true}}), ElementsAre(AtLine(1)));
  EXPECT_THAT(judge_one(run, {.match = {.before_fork = false}}), ElementsAre(AtLine(2), AtLine(3), AtLine(4)));
}

TEST(Selector, AWorkerInAPhaseBeforeForkHasForkedAlready) {
  const auto run = Timeline().worker(1, "mod-init", "alloc", 1);
  EXPECT_THAT(judge_one(run, {.match = {.before_fork = true}}), IsEmpty());
}

} // namespace initorder
