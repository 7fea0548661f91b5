// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/engine/timeline.h"

namespace initorder {

namespace {
const Pattern kUse{.match = {.effects = {"use"}}, .says = "{call} in {module}"};
} // namespace

TEST(Merge, OneFindingForEachSiteWithOneEventForEachEntryPoint) {
  const auto run = Timeline()
                       .main("register", "use", 1)
                       .in("a")
                       .through("")
                       .through("mod_register")
                       .main("register", "use", 1)
                       .in("a")
                       .through("")
                       .through("mod_register")
                       .main("mod-init", "use", 1)
                       .in("b")
                       .through("mod_init")
                       .main("mod-init", "use", 1)
                       .in("b")
                       .through("fixup")
                       .main("mod-init", "use", 2)
                       .in("b")
                       .through("mod_init");
  const auto findings = judge_one(run, kUse);
  ASSERT_THAT(findings, ElementsAre(AtLine(1), AtLine(2)));
  EXPECT_THAT(findings[0].events, SizeIs(3));
  EXPECT_EQ(findings[0].events[0].place.phase, "register");
  EXPECT_THAT(findings[1].events, SizeIs(1));
}

TEST(Merge, TwoCallsAtOneSiteAreTwoFindings) {
  const auto run = Timeline().main("mod-init", "use", 1).calls("x").main("mod-init", "use", 1).calls("y");
  EXPECT_THAT(judge_one(run, kUse), SizeIs(2));
}

TEST(Merge, TwoRulesAtOneSiteAreTwoFindings) {
  const auto run = Timeline().main("mod-init", "use", 1);
  const auto findings = judge({run.sequence()}, {check(kUse, "b"), check(kUse, "a")}, small_host());
  ASSERT_THAT(findings, SizeIs(2));
  EXPECT_EQ(findings[0].rule, "a");
  EXPECT_EQ(findings[1].rule, "b");
}

TEST(Merge, TwoPatternsOfOneRuleAreOneFindingWithTheFirstMessage) {
  Check both = check({.match = {.effects = {"use"}}, .says = "first"});
  both.patterns.push_back({.match = {.effects = {"use"}}, .says = "second"});
  const auto findings = judge({Timeline().main("mod-init", "use", 1).sequence()}, {both}, small_host());
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].message, "first");
  EXPECT_THAT(findings[0].events, SizeIs(1));
}

TEST(Merge, FindingsAreSortedByFileLineAndColumn) {
  EventSequence run = Timeline()
                          .main("mod-init", "use", 9)
                          .main("mod-init", "use", 4)
                          .main("mod-init", "use", 4)
                          .main("mod-init", "use", 20)
                          .sequence();
  run.events[2].site.column = 1;
  run.events[3].site.file = "Z.c";
  const auto findings = judge({run}, {check(kUse)}, small_host());
  ASSERT_THAT(findings, ElementsAre(AtLine(20), AtLine(4), AtLine(4), AtLine(9)));
  EXPECT_EQ(findings[1].site.column, 1u);
}

TEST(Merge, SitesWithoutALineAreToldApartByTheirFunction) {
  EventSequence run = Timeline().main("mod-init", "use", 0).main("mod-init", "use", 0).sequence();
  run.events[0].site_function = "f";
  run.events[1].site_function = "g";
  EXPECT_THAT(judge({run}, {check(kUse)}, small_host()), SizeIs(2));
}

TEST(Merge, OneCertainWayMakesTheFindingCertain) {
  const auto run = Timeline().main("register", "use", 1).maybe();
  EXPECT_EQ(judge_one(run, kUse).at(0).certainty, Certainty::maybe);
  const auto two_ways = Timeline().main("register", "use", 1).maybe().main("mod-init", "use", 1);
  EXPECT_EQ(judge_one(two_ways, kUse).at(0).certainty, Certainty::always);
}

TEST(Merge, OfOneWayTheCertainEventIsShown) {
  const auto run = Timeline().main("register", "use", 1).maybe().main("register", "use", 1);
  const auto findings = judge_one(run, kUse);
  ASSERT_THAT(findings, SizeIs(1));
  ASSERT_THAT(findings[0].events, SizeIs(1));
  EXPECT_EQ(findings[0].events[0].certainty, Certainty::always);
}

TEST(Merge, RelatedEventsAreListedOnce) {
  const Pattern pattern{.match = {.effects = {"use"}}, .needs = {{.selector = {.effects = {"set"}}}}};
  const auto run = Timeline().main("register", "set", 1).main("register", "use", 2).main("mod-init", "use", 2);
  const auto findings = judge({run.sequence(), run.sequence()}, {check(pattern)}, small_host());
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].events, SizeIs(2));
  EXPECT_THAT(findings[0].related, SizeIs(1));
}

TEST(Merge, NothingBrokenIsNothingFound) {
  EXPECT_THAT(judge_one(Timeline().main("mod-init", "other", 1), kUse), IsEmpty());
  EXPECT_THAT(judge_one(Timeline(), kUse), IsEmpty());
  EXPECT_THAT(judge({}, {check(kUse)}, small_host()), IsEmpty());
}

} // namespace initorder
