// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/engine/timeline.h"

namespace initorder {

namespace {

const Pattern kUse{.match = {.effects = {"use"}}};

} // namespace

TEST(FirstUse, IsExcusedByAnEarlierOneOfTheSameModule) {
  const auto run = Timeline().main("mod-init", "init", 1).main("mod-init", "use", 2).unless_earlier("init");
  EXPECT_THAT(judge_one(run, kUse), IsEmpty());
}

TEST(FirstUse, IsNotExcusedByALaterOneOrByItself) {
  const auto run =
      Timeline().main("mod-init", "init", 2).main("mod-init", "use", 2).unless_earlier("init").main("mod-init", "init", 3);
  EXPECT_THAT(judge_one(run, kUse), ElementsAre(AtLine(2)));
}

TEST(FirstUse, IsUncertainAfterOneOfAnotherModuleOrAnUncertainOne) {
  for (const auto &run : {Timeline().main("mod-init", "init", 1).in("b"), Timeline().main("mod-init", "init", 1).maybe()}) {
    Timeline with_use = run;
    with_use.main("mod-init", "use", 2).unless_earlier("init");
    const std::vector<Finding> found = judge_one(with_use, kUse);
    ASSERT_THAT(found, ElementsAre(AtLine(2)));
    EXPECT_EQ(found.front().certainty, Certainty::maybe);
    EXPECT_THAT(found.front().events[0].conditions, ElementsAre("init (a.c:1) does not make up for it"));
  }
}

TEST(FirstUse, IsExcusedByOneOfAModuleWithoutWhichThereIsNoViolation) {
  const Pattern only_with_allocator{.match = {.effects = {"use"}}, .needs = {{.selector = {.effects = {"set"}}}}};
  const auto run_with = [](const char *setter) {
    return Timeline().main("register", "set", 1).in(setter).main("register", "init", 2).in("b").main("mod-init", "use", 3)
        .unless_earlier("init");
  };
  EXPECT_THAT(judge_one(run_with("b"), only_with_allocator), IsEmpty());
  EXPECT_THAT(judge_one(run_with("c"), only_with_allocator), ElementsAre(AtLine(3)));
}

TEST(FirstUse, IsExcusedByOneOfTheModuleInWhoseCodeItStands) {
  const auto run_with = [](const char *driver) {
    return Timeline().main("register", "init", 1).in("driver").main("mod-init", "use", 2).at_unit(driver)
        .unless_earlier("init");
  };
  EXPECT_THAT(judge_one(run_with("driver"), kUse), IsEmpty());
  EXPECT_THAT(judge_one(run_with("another"), kUse), ElementsAre(AtLine(2)));
}

TEST(FirstUse, InAWorkerComesAfterWhatTheMainProcessDidButNotAfterAnotherWorker) {
  const auto inherited =
      Timeline().main("mod-init", "init", 1).worker(1, "child-init", "use", 2).unless_earlier("init");
  EXPECT_THAT(judge_one(inherited, kUse), IsEmpty());
  const auto other =
      Timeline().worker(1, "child-init", "init", 1).worker(2, "child-init", "use", 2).unless_earlier("init");
  EXPECT_THAT(judge_one(other, kUse), ElementsAre(AtLine(2)));
}

TEST(FirstUse, OfAThreadsOwnStateIsToldByAnEarlierOneThatIsUncertain) {
  const auto run = Timeline().main("mod-init", "use", 1).maybe().main("mod-init", "use", 2).unless_earlier("use");
  EXPECT_THAT(judge_one(run, kUse), ElementsAre(AtLine(1)));
}

TEST(FirstUse, OfAThreadsOwnStateIsNotExcusedByAnotherThreadOrPhase) {
  for (const auto &first : {Timeline().main("mod-init", "use", 1).on(ThreadRole::temporary),
                            Timeline().main("register", "use", 1)}) {
    Timeline run = first;
    run.main("mod-init", "use", 2).unless_earlier("use");
    EXPECT_THAT(judge_one(run, kUse), ElementsAre(AtLine(1), AtLine(2)));
  }
}

} // namespace initorder
