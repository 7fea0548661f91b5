// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/link/slim.h"
#include "tests/analyzer/graph.h"

#include <gmock/gmock.h>

using namespace initorder;
using namespace initorder::graph;
using testing::ElementsAre;

static std::vector<std::string> calls_of(const FunctionFacts &facts) {
  std::vector<std::string> out;
  for (auto block = facts.blocks.rbegin(); block != facts.blocks.rend(); ++block)
    for (const Step &step : block->steps)
      if (step.kind == Step::Kind::call)
        out.push_back(step.call.callee.name);
  return out;
}

static FunctionFacts slimmed(FunctionFacts facts) {
  slim(facts, [](const CallFact &call) { return call.callee.name == "RAND_bytes"; });
  return facts;
}

TEST(Slim, LoggingGoes) {
  const FunctionFacts facts = slimmed(function({to(0, {call(0, "log"), call(1, "RAND_bytes"), call(2, "log")})}));
  EXPECT_THAT(calls_of(facts), ElementsAre("RAND_bytes"));
}

TEST(Slim, ACallWhoseResultIsAskedStays) {
  const FunctionFacts facts = slimmed(
      function({to(0), to(0, {call(1, "RAND_bytes")}), choose(result(0), 2, 1, {call(0, "configured")})}));
  EXPECT_THAT(calls_of(facts), ElementsAre("configured", "RAND_bytes"));
}

TEST(Slim, ABranchWithNothingOnEitherSideGoesWithItsQuestion) {
  // if (configured()) log(); RAND_bytes();
  const FunctionFacts facts = slimmed(function({to(0, {call(2, "RAND_bytes")}), to(1, {call(1, "log")}),
                                                choose(result(0), 2, 1, {call(0, "configured")}), to(3)}));
  EXPECT_THAT(calls_of(facts), ElementsAre("RAND_bytes"));
  for (const Block &block : facts.blocks)
    EXPECT_LE(block.edges.size(), 1u);
}

TEST(Slim, AnUnreadLocalGoesAndAReadOneStays) {
  const FunctionFacts facts =
      slimmed(function({to(0, {assign(local(0), number(1)), assign(local(1), number(2)), leave(local(1))})}));
  ASSERT_EQ(facts.blocks[facts.entry].steps.size(), 2u);
  EXPECT_EQ(facts.blocks[facts.entry].steps[0].assign.target.index, 1u);
}

TEST(Slim, WhatIsReturnedStays) {
  const FunctionFacts facts = slimmed(function({to(0, {leave(number(0))}), to(0, {leave(number(-1))}),
                                                choose(parameter(0), 2, 1, {call(0, "log")})}, 1));
  EXPECT_EQ(facts.blocks[facts.entry].edges.size(), 2u);
  EXPECT_THAT(calls_of(facts), testing::IsEmpty());
}

TEST(Slim, ALoopOfNothingEnds) {
  const FunctionFacts facts = slimmed(function({to(2), choose(parameter(0), 1, 0), to(2)}, 1));
  EXPECT_LT(facts.entry, facts.blocks.size());
  EXPECT_LT(facts.exit, facts.blocks.size());
}

TEST(Slim, EdgesStayInRange) {
  const FunctionFacts facts = slimmed(function(
      {to(0), to(1, {call(3, "log")}), choose(parameter(0), 2, 1, {call(1, "RAND_bytes")}), to(3), to(4)}, 1));
  for (const Block &block : facts.blocks)
    for (const Edge &edge : block.edges)
      EXPECT_LT(edge.to, facts.blocks.size());
  EXPECT_THAT(calls_of(facts), ElementsAre("RAND_bytes"));
}
