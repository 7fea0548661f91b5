// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/engine/timeline.h"

namespace initorder {

namespace {

using Order = Companion::Order;

Pattern needs(Order order) {
  return {.match = {.effects = {"use"}}, .needs = {{.order = order, .selector = {.effects = {"set"}}}}};
}

} // namespace

TEST(Order, EarlierInMainIsFoundByMain) {
  EXPECT_THAT(judge_one(Timeline().main("register", "set", 1).main("mod-init", "use", 2), needs(Order::earlier)),
              ElementsAre(AtLine(2)));
  EXPECT_THAT(judge_one(Timeline().main("register", "use", 1).main("mod-init", "set", 2), needs(Order::earlier)),
              IsEmpty());
}

TEST(Order, AWorkerInheritsWhatMainDidEarlier) {
  EXPECT_THAT(judge_one(Timeline().main("mod-init", "set", 1).worker(1, "child-init", "use", 2), needs(Order::earlier)),
              ElementsAre(AtLine(2)));
}

TEST(Order, AWorkerDoesNotInheritFromAnotherWorker) {
  const auto run =
      Timeline().worker(1, "child-init", "set", 1).worker(2, "child-init", "use", 2).worker(1, "child-init", "use", 3);
  EXPECT_THAT(judge_one(run, needs(Order::earlier)), ElementsAre(AtLine(3)));
}

TEST(Order, MainDoesNotInheritFromAWorker) {
  EXPECT_THAT(judge_one(Timeline().worker(1, "child-init", "set", 1).main("serving", "use", 2), needs(Order::earlier)),
              IsEmpty());
}

TEST(Order, LaterThanAMainEventMayBeInAnyProcess) {
  EXPECT_THAT(judge_one(Timeline().main("register", "use", 1).main("mod-init", "set", 2), needs(Order::later)),
              ElementsAre(AtLine(1)));
  EXPECT_THAT(judge_one(Timeline().main("register", "use", 1).worker(7, "child-init", "set", 2), needs(Order::later)),
              ElementsAre(AtLine(1)));
  EXPECT_THAT(judge_one(Timeline().main("register", "set", 1).main("mod-init", "use", 2), needs(Order::later)),
              IsEmpty());
}

TEST(Order, LaterThanAWorkerEventIsInThatWorkerOnly) {
  const auto run = Timeline()
                       .worker(1, "child-init", "use", 1)
                       .worker(2, "child-init", "use", 2)
                       .worker(2, "serving", "set", 3)
                       .main("serving", "set", 4);
  EXPECT_THAT(judge_one(run, needs(Order::later)), ElementsAre(AtLine(2)));
}

TEST(Order, AWorkersChildHasTheWorkersPastAndIsItsFuture) {
  const auto run = [](unsigned parent) {
    return Timeline()
        .worker(1, "child-init", "set", 1)
        .worker(3, "child-init", "use", 2)
        .forked_by(parent)
        .worker(3, "child-init", "set", 3)
        .worker(1, "child-init", "use", 4);
  };
  EXPECT_THAT(judge_one(run(1), needs(Order::earlier)), ElementsAre(AtLine(2), AtLine(4)));
  EXPECT_THAT(judge_one(run(2), needs(Order::earlier)), ElementsAre(AtLine(4)));
  const auto later = Timeline().worker(1, "child-init", "use", 1).worker(3, "child-init", "set", 2);
  EXPECT_THAT(judge_one(later, needs(Order::later)), IsEmpty());
  EXPECT_THAT(judge_one(Timeline(later).forked_by(1), needs(Order::later)), ElementsAre(AtLine(1)));
}

TEST(Order, AForgedCircleOfForksEnds) {
  const auto run = Timeline().worker(1, "child-init", "set", 1).forked_by(2).worker(2, "child-init", "use", 2).forked_by(1);
  EXPECT_THAT(judge_one(run, needs(Order::earlier)), ElementsAre(AtLine(2)));
}

TEST(Order, AnywhereIsAnywhere) {
  const auto run = Timeline().worker(1, "child-init", "set", 1).worker(2, "child-init", "use", 2);
  EXPECT_THAT(judge_one(run, needs(Order::anywhere)), ElementsAre(AtLine(2)));
  EXPECT_THAT(judge_one(Timeline().main("mod-init", "use", 1), needs(Order::anywhere)), IsEmpty());
}

TEST(Order, AnEventIsNotItsOwnCompanion) {
  const Pattern twice{.match = {.effects = {"use"}}, .needs = {{.selector = {.effects = {"use"}}}}};
  EXPECT_THAT(judge_one(Timeline().main("mod-init", "use", 1), twice), IsEmpty());
  EXPECT_THAT(judge_one(Timeline().main("mod-init", "use", 1).main("mod-init", "use", 2), twice), SizeIs(2));
}

} // namespace initorder
