// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/engine/timeline.h"

namespace initorder {

namespace {

/// A connection that is opened before fork and not closed in time.
const Pattern kKept{.match = {.effects = {"open"}, .before_fork = true},
                    .unless = {{.order = Companion::Order::later,
                                .selector = {.effects = {"close"}, .before_fork = true},
                                .same_resource = true}}};

const Pattern kAfterSet{.match = {.effects = {"use"}},
                        .needs = {{.order = Companion::Order::earlier, .selector = {.effects = {"set"}}}}};

} // namespace

TEST(Companion, AClosedResourceIsExcused) {
  EXPECT_THAT(judge_one(Timeline().main("mod-init", "open", 1).resource(5), kKept), ElementsAre(AtLine(1)));
  EXPECT_THAT(
      judge_one(Timeline().main("mod-init", "open", 1).resource(5).main("mod-init", "close", 2).resource(5), kKept),
      IsEmpty());
}

TEST(Companion, ClosingAnotherResourceDoesNotHelp) {
  const auto run = Timeline().main("mod-init", "open", 1).resource(5).main("mod-init", "close", 2).resource(6);
  EXPECT_THAT(judge_one(run, kKept), ElementsAre(AtLine(1)));
}

TEST(Companion, UnknownResourcesAreNotTheSame) {
  const auto run = Timeline().main("mod-init", "open", 1).main("mod-init", "close", 2);
  EXPECT_THAT(judge_one(run, kKept), ElementsAre(AtLine(1)));
}

TEST(Companion, ClosingTooLateDoesNotHelp) {
  const auto run = Timeline().main("mod-init", "open", 1).resource(5).worker(1, "child-init", "close", 2).resource(5);
  EXPECT_THAT(judge_one(run, kKept), ElementsAre(AtLine(1)));
}

TEST(Companion, BeforeTheNextForkIsNotAfterIt) {
  Pattern pattern = kKept;
  pattern.unless[0].selector.before_fork = std::nullopt;
  pattern.unless[0].before_next_fork = true;
  const auto closed_in = [](const char *phase) {
    return Timeline().main("mod-init", "open", 1).resource(5).main(phase, "close", 2).resource(5);
  };
  EXPECT_THAT(judge_one(closed_in("mod-init"), pattern), IsEmpty());
  EXPECT_THAT(judge_one(closed_in("fork"), pattern), ElementsAre(AtLine(1)));
  EXPECT_THAT(judge_one(closed_in("serving"), pattern), ElementsAre(AtLine(1)));
}

TEST(Companion, SameProcessIsNotOneThatComesFromIt) {
  const auto run = [](unsigned user) {
    return Timeline().worker(1, "child-init", "init", 1).worker(user, "child-init", "use", 2).forked_by(user == 1 ? 0 : 1);
  };
  Pattern pattern{.match = {.effects = {"init"}},
                  .needs = {{.order = Companion::Order::later, .selector = {.effects = {"use"}}}}};
  EXPECT_THAT(judge_one(run(2), pattern), ElementsAre(AtLine(1)));
  pattern.needs[0].same_process = true;
  EXPECT_THAT(judge_one(run(2), pattern), IsEmpty());
  EXPECT_THAT(judge_one(run(1), pattern), ElementsAre(AtLine(1)));
}

TEST(Companion, InChildIsInThatOneProcess) {
  const Pattern pattern{.match = {.effects = {"fork"}},
                        .unless = {{.order = Companion::Order::later, .selector = {.effects = {"exec"}}, .in_child = true}}};
  const auto run = [](unsigned child) {
    return Timeline().worker(1, "child-init", "fork", 1).forks(child).worker(3, "child-init", "exec", 2).forked_by(1);
  };
  EXPECT_THAT(judge_one(run(3), pattern), IsEmpty());
  EXPECT_THAT(judge_one(run(2), pattern), ElementsAre(AtLine(1)));
  EXPECT_THAT(judge_one(run(0), pattern), IsEmpty()); // not known which
}

TEST(Companion, SameLibraryMustBeTheSame) {
  Pattern pattern = kAfterSet;
  pattern.needs[0].same_library = true;
  EXPECT_THAT(judge_one(Timeline().main("register", "set", 1).of("x").main("mod-init", "use", 2).of("x"), pattern),
              SizeIs(1));
  EXPECT_THAT(judge_one(Timeline().main("register", "set", 1).of("y").main("mod-init", "use", 2).of("x"), pattern),
              IsEmpty());
}

TEST(Companion, OtherObjectMustBeKnownAndAnother) {
  Pattern pattern = kAfterSet;
  pattern.needs[0].other_object = true;
  const auto run = [](const char *sets, const char *uses) {
    return Timeline().main("register", "set", 1).by(sets).main("mod-init", "use", 2).by(uses);
  };
  EXPECT_THAT(judge_one(run("a.so", "b.so"), pattern), SizeIs(1));
  EXPECT_THAT(judge_one(run("b.so", "b.so"), pattern), IsEmpty());
  EXPECT_THAT(judge_one(run("", "b.so"), pattern), IsEmpty());
  EXPECT_THAT(judge_one(run("a.so", ""), pattern), IsEmpty());
  EXPECT_THAT(judge_one(run("b.so", "b.so").main("mod-init", "set", 3), pattern), IsEmpty());
  EXPECT_THAT(judge_one(Timeline()
                            .main("register", "set", 1)
                            .by("b.so")
                            .main("register", "set", 2)
                            .by("a.so")
                            .main("mod-init", "use", 3)
                            .by("b.so"),
                        pattern),
              SizeIs(1)); // the first is its own, the second is not
}

TEST(Companion, WhatIsSurelyThereConvincesMoreThanAnotherModule) {
  const auto run = Timeline()
                       .main("register", "set", 1)
                       .in("b")
                       .main("register", "set", 2)
                       .main("register", "set", 3)
                       .in("core")
                       .main("mod-init", "use", 4);
  const std::vector<Finding> found = judge_one(run, kAfterSet);
  ASSERT_THAT(found, ElementsAre(AtLine(4)));
  ASSERT_THAT(found.front().related, SizeIs(1));
  EXPECT_EQ(found.front().related.front().site.line, 2U);
}

TEST(Companion, AllNeedsMustBeMet) {
  Pattern pattern = kAfterSet;
  pattern.needs.push_back({.selector = {.effects = {"also"}}});
  EXPECT_THAT(judge_one(Timeline().main("register", "set", 1).main("mod-init", "use", 2), pattern), IsEmpty());
  EXPECT_THAT(
      judge_one(Timeline().main("register", "set", 1).main("mod-init", "use", 2).main("fork", "also", 3), pattern),
      SizeIs(1));
}

TEST(Companion, TheFirstOfEachNeedIsRelated) {
  const auto run = Timeline().main("register", "set", 1).main("register", "set", 2).main("mod-init", "use", 3);
  const auto findings = judge_one(run, kAfterSet);
  ASSERT_THAT(findings, SizeIs(1));
  ASSERT_THAT(findings[0].related, SizeIs(1));
  EXPECT_EQ(findings[0].related[0].site.line, 1u);
}

TEST(Companion, ANeedThatIsUncertainMakesTheFindingUncertain) {
  const auto maybe = judge_one(Timeline().main("register", "set", 1).maybe().main("mod-init", "use", 2), kAfterSet);
  ASSERT_THAT(maybe, SizeIs(1));
  EXPECT_EQ(maybe[0].certainty, Certainty::maybe);
}

TEST(Companion, ACertainNeedIsPreferredToAnUncertainOne) {
  const auto run = Timeline().main("register", "set", 1).maybe().main("register", "set", 2).main("mod-init", "use", 3);
  const auto findings = judge_one(run, kAfterSet);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].certainty, Certainty::always);
  EXPECT_EQ(findings[0].related[0].site.line, 2u);
}

TEST(Companion, AnUncertainExcuseLeavesAnUncertainFinding) {
  const auto run = Timeline().main("mod-init", "open", 1).resource(5).main("mod-init", "close", 2).resource(5).maybe();
  const auto findings = judge_one(run, kKept);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].certainty, Certainty::maybe);
  EXPECT_THAT(findings[0].events[0].conditions, ElementsAre("close (a.c:2) does not make up for it"));
  ASSERT_THAT(findings[0].related, SizeIs(1));
  EXPECT_EQ(findings[0].related[0].site.line, 2u);
}

} // namespace initorder
