// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/link/reachable_blocks.h"
#include "tests/analyzer/graph.h"

#include <gmock/gmock.h>

using namespace initorder;
using namespace initorder::graph;
using testing::ElementsAre;

// f(rank): if (rank == 1) block 2 else block 1; 0 is the exit.
static FunctionFacts by_rank() {
  return function({to(0), to(0), choose(compare(parameter(0), "==", number(1)), 2, 1)}, 1);
}

TEST(ReachableBlocks, AConstantChoosesTheSide) {
  EXPECT_THAT(reachable_blocks(by_rank(), {1}), ElementsAre(true, false, true, true));
  EXPECT_THAT(reachable_blocks(by_rank(), {2}), ElementsAre(true, true, false, true));
}

TEST(ReachableBlocks, AnUnknownArgumentChoosesNone) {
  EXPECT_THAT(reachable_blocks(by_rank(), {std::nullopt}), ElementsAre(true, true, true, true));
  EXPECT_THAT(reachable_blocks(by_rank(), {}), ElementsAre(true, true, true, true));
}

TEST(ReachableBlocks, AParameterThatIsWrittenIsUnknown) {
  FunctionFacts facts = by_rank();
  facts.blocks[3].steps = {assign(parameter(0), number(7))};
  EXPECT_THAT(reachable_blocks(facts, {1}), ElementsAre(true, true, true, true));
}

TEST(ReachableBlocks, ASwitchTakesItsCaseOrTheDefault) {
  Block choice;
  choice.condition = parameter(0);
  choice.edges = {{Edge::When::in_range, false, 1, 1, 1},
                  {Edge::When::in_range, false, 5, 9, 2},
                  {Edge::When::otherwise, false, 0, 0, 3}};
  const FunctionFacts facts = function({to(0), to(0), to(0), choice}, 1);
  EXPECT_THAT(reachable_blocks(facts, {1}), ElementsAre(true, true, false, false, true));
  EXPECT_THAT(reachable_blocks(facts, {7}), ElementsAre(true, false, true, false, true));
  EXPECT_THAT(reachable_blocks(facts, {-3}), ElementsAre(true, false, false, true, true));
}

TEST(ReachableBlocks, NegationAndOrder) {
  const auto reaches = [](Expr condition, std::int64_t rank) -> bool {
    return reachable_blocks(function({to(0), to(0), choose(std::move(condition), 2, 1)}, 1), {rank})[2];
  };
  EXPECT_TRUE(reaches(expr(Expr::Kind::logical_not, "", {parameter(0)}), 0));
  EXPECT_FALSE(reaches(compare(parameter(0), "<", number(0)), 0));
  EXPECT_TRUE(reaches(compare(parameter(0), "<=", number(0)), 0));
  EXPECT_TRUE(reaches(compare(parameter(0), "!=", number(-127)), 1));
  EXPECT_FALSE(reaches(compare(number(3), ">", parameter(0)), 4));
  EXPECT_TRUE(reaches(compare(parameter(0), ">=", number(4)), 4));
}

TEST(ReachableBlocks, ALoopEnds) {
  const FunctionFacts facts = function({to(2), choose(parameter(0), 1, 0), to(2)}, 1);
  EXPECT_THAT(reachable_blocks(facts, {1}), ElementsAre(false, true, true, true));
}

TEST(KnownArguments, OnlyConstants) {
  const Step step = call(0, "g", {number(-127), parameter(0)});
  EXPECT_THAT(known_arguments(step.call), ElementsAre(std::optional<std::int64_t>(-127), std::nullopt));
}

TEST(DecidedByArguments, OnlyWhereABranchAsks) {
  EXPECT_TRUE(decided_by_arguments(by_rank(), {1}));
  EXPECT_FALSE(decided_by_arguments(by_rank(), {std::nullopt}));
  EXPECT_FALSE(decided_by_arguments(function({to(0)}, 1), {1}));
}
