// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/deployed.h"

#include <gmock/gmock.h>

namespace initorder {

using testing::ElementsAre;
using testing::IsEmpty;

namespace {

Finding a_finding(const std::string &rule, std::vector<ScenarioAnswer> scenarios) {
  Finding out;
  out.rule = rule;
  out.scenarios = std::move(scenarios);
  return out;
}

const std::vector<Change> kChanges{{"mode", "0", "set mode 0"}, {"mode", "2", "set mode 2"}, {"order", "first", "move it"}};
const Scenario kDeployed{{"mode", "1"}, {"order", "as-loaded"}};

} // namespace

TEST(Deployed, WhatDoesNotHoldThereIsLeftOut) {
  std::vector<Finding> findings{a_finding("a", {{{{"mode", "0"}}, Answer::holds}}), a_finding("b", {}),
                                a_finding("c", {{{{"mode", "1"}}, Answer::cannot_tell}})};
  keep_deployed(findings, kDeployed, {});
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].rule, "b");
  EXPECT_EQ(findings[0].certainty, Certainty::always);
  EXPECT_EQ(findings[1].rule, "c");
  EXPECT_EQ(findings[1].certainty, Certainty::maybe);
}

TEST(Deployed, AVariableThatIsNotKnownMayHaveAnyValue) {
  std::vector<Finding> findings{a_finding("a", {{{{"other", "0"}}, Answer::holds}, {{{"other", "1"}}, Answer::does_not}})};
  keep_deployed(findings, kDeployed, {});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].certainty, Certainty::maybe);
}

TEST(Deployed, WhatCuresItIsAHint) {
  std::vector<Finding> findings{a_finding("a", {{{{"mode", "1"}}, Answer::holds}, {{{"mode", "0"}}, Answer::holds}})};
  keep_deployed(findings, kDeployed, kChanges);
  EXPECT_THAT(findings.at(0).hints, ElementsAre("set mode 2"));
}

TEST(Deployed, ACureThatBringsAnotherIsTheLastResort) {
  const Finding other = a_finding("b", {{{{"mode", "2"}}, Answer::holds}});
  std::vector<Finding> findings{a_finding("a", {{{{"mode", "1"}, {"order", "as-loaded"}}, Answer::holds}}), other};
  keep_deployed(findings, kDeployed, kChanges);
  EXPECT_THAT(findings.at(0).hints, ElementsAre("set mode 0", "move it"));

  findings = {a_finding("a", {{{{"mode", "1"}}, Answer::holds}, {{{"mode", "0"}}, Answer::holds}}), other};
  keep_deployed(findings, kDeployed, kChanges);
  EXPECT_THAT(findings.at(0).hints, ElementsAre("set mode 2; but then there is b (1 finding)"));
}

TEST(Deployed, WhatHoldsEverywhereHasNoHint) {
  std::vector<Finding> findings{a_finding("a", {})};
  keep_deployed(findings, kDeployed, kChanges);
  EXPECT_THAT(findings.at(0).hints, IsEmpty());
}

} // namespace initorder
