// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/engine/timeline.h"

namespace initorder {

using ::testing::Contains;

namespace {

/// Modes 0 to 2, tls first or last; the use happens where `broken` says so.
template <class Broken> std::vector<EventSequence> six_scenarios(Broken broken) {
  std::vector<EventSequence> out;
  for (const char *mode : {"0", "1", "2"})
    for (const char *tls : {"first", "last"}) {
      Timeline timeline({{"mode", mode}, {"tls", tls}});
      if (broken(std::string(mode), std::string(tls)))
        timeline.main("mod-init", "use", 1);
      out.push_back(timeline.sequence());
    }
  return out;
}

std::vector<Finding> judge_use(const std::vector<EventSequence> &sequences) {
  return judge(sequences, {check({.match = {.effects = {"use"}}})}, small_host());
}

} // namespace

TEST(Scenarios, InAllOfThemIsAnEmptyList) {
  const auto findings = judge_use(six_scenarios([](auto, auto) { return true; }));
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].scenarios, IsEmpty());
  EXPECT_THAT(findings[0].events, SizeIs(1));
}

TEST(Scenarios, AVariableThatMakesNoDifferenceIsDropped) {
  const auto findings = judge_use(six_scenarios([](auto mode, auto) { return mode != "1"; }));
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].scenarios, ElementsAre(ScenarioAnswer{{{"mode", "0"}}, Answer::holds}, ScenarioAnswer{{{"mode", "1"}}, Answer::does_not},
                          ScenarioAnswer{{{"mode", "2"}}, Answer::holds}));
}

TEST(Scenarios, AVariableThatMakesADifferenceSomewhereIsKept) {
  const auto findings = judge_use(six_scenarios([](auto mode, auto tls) { return mode == "2" && tls == "last"; }));
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].scenarios, SizeIs(6));
  EXPECT_THAT(findings[0].scenarios, Contains(ScenarioAnswer{{{"mode", "2"}, {"tls", "last"}}, Answer::holds}));
  EXPECT_THAT(findings[0].scenarios, Contains(ScenarioAnswer{{{"mode", "2"}, {"tls", "first"}}, Answer::does_not}));
}

TEST(Scenarios, OneScenarioAloneIsAllOfThem) {
  const auto findings = judge_use({Timeline(Scenario{{"mode", "2"}}).main("mod-init", "use", 1).sequence()});
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].scenarios, IsEmpty());
}

TEST(Scenarios, AVariableThatSomeScenariosLack) {
  const auto findings = judge_use({Timeline(Scenario{{"mode", "2"}}).main("mod-init", "use", 1).sequence(),
                                   Timeline(Scenario{{"mode", "2"}, {"tls", "last"}}).sequence()});
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].scenarios, SizeIs(2));
  EXPECT_THAT(findings[0].scenarios, Contains(ScenarioAnswer{{{"mode", "2"}}, Answer::holds}));
}

TEST(Scenarios, WhereItCannotBeToldIsAnAnswerOfItsOwn) {
  const auto findings = judge_use({Timeline(Scenario{{"mode", "0"}}).main("mod-init", "use", 1).sequence(),
                                   Timeline(Scenario{{"mode", "1"}}).main("mod-init", "use", 1).maybe().sequence(),
                                   Timeline(Scenario{{"mode", "2"}}).sequence()});
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].scenarios, ElementsAre(ScenarioAnswer{{{"mode", "0"}}, Answer::holds},
                                                 ScenarioAnswer{{{"mode", "1"}}, Answer::cannot_tell},
                                                 ScenarioAnswer{{{"mode", "2"}}, Answer::does_not}));
}

} // namespace initorder
