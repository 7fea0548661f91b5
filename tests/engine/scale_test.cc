// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The size of a whole server. No clock is looked at: comparing each event with each other one would run
// into the time limit in CMakeLists.txt.
#include "tests/engine/timeline.h"

namespace initorder {

TEST(Scale, TwentyThousandEventsTwelveScenariosTwentyChecks) {
  Timeline timeline;
  for (unsigned i = 0; i < 20000; ++i)
    timeline.main("mod-init", i % 2 ? "open" : "close", 1 + i / 40).resource(i / 4);
  const std::vector<EventSequence> sequences(12, timeline.sequence());

  const Companion opened_again{
      .order = Companion::Order::earlier, .selector = {.effects = {"close"}}, .same_resource = true};
  const Companion closed_in_fork{.order = Companion::Order::later,
                                 .selector = {.effects = {"close"}, .phases = {"fork"}}};
  std::vector<Check> checks;
  for (int i = 0; i < 20; ++i)
    checks.push_back(check(
        {.match = {.effects = {"open"}, .after = "keys-fixed"}, .needs = {opened_again}, .unless = {closed_in_fork}},
        std::to_string(i)));
  EXPECT_THAT(judge(sequences, checks, small_host()), SizeIs(20 * 500));
}

} // namespace initorder
