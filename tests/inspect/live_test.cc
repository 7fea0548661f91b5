// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/inspect/held.h"

namespace initorder::inspect {
namespace {

TEST(Live, KeysOfBothLevelsWithTheirDestructorsAndMemory) {
  const Held server("keys");
  const Family family = server.look();
  ASSERT_THAT(family.processes, SizeIs(2));
  const Process &main = family.processes[0];
  EXPECT_TRUE(main.is_main);
  EXPECT_THAT(main.cannot_tell, IsEmpty());
  ASSERT_NO_FATAL_FAILURE(expect_its_keys(main));
  EXPECT_EQ(value_of(main, 40)->shared, value_of(family.processes[1], 40)->shared);
  EXPECT_THAT(rules_broken(family), ElementsAre("tsd-value-shared"));
}

TEST(Live, TheWorkersPidLeadsToTheWholeFamily) {
  const Held server("keys");
  auto processes = list_processes();
  const auto family = server.family();
  ASSERT_THAT(family, SizeIs(2));
  EXPECT_THAT(families_of(processes, {family[1]}), ElementsAre(family));
  EXPECT_THAT(families_of(processes, family), ElementsAre(family)); // each once
}

TEST(Live, HandlersInOrderOfRegistrationWithTheirOwners) {
  const Held server("handlers");
  const Family family = server.look();
  const Process &main = family.processes[0];
  ASSERT_TRUE(main.fork_handlers_known);
  ASSERT_THAT(main.fork_handlers, SizeIs(3));
  EXPECT_EQ(main.fork_handlers[0].when, "prepare");
  EXPECT_EQ(main.fork_handlers[0].function.function, "prepare");
  EXPECT_EQ(main.fork_handlers[1].when, "child");
  EXPECT_EQ(main.fork_handlers[2].object, "inspect_holds");
  ASSERT_TRUE(main.exit_handlers_known);
  ASSERT_GE(main.exit_handlers.size(), 3u); // the loader's own comes first
  EXPECT_EQ(main.exit_handlers[main.exit_handlers.size() - 2].function.function, "at_end");
  EXPECT_EQ(main.exit_handlers.back().when, "on_exit");
}

TEST(Live, ALockThatWasHeldWhenItWasCopied) {
  const Held server("inherited");
  const Family family = server.look([](const Family &one) { return !stuck_groups(one).empty(); });
  EXPECT_THAT(rules_broken(family), ::testing::UnorderedElementsAre("lock-inherited", "thread-before-fork"));
  const auto groups = stuck_groups(family);
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_EQ(groups[0].what + " in " + groups[0].where, "1 worker waits in pthread_mutex_lock");
  const Wait &wait = *family.processes[1].threads.at(0).wait;
  EXPECT_FALSE(wait.process_shared);
  EXPECT_EQ(wait.memory, Memory::data);
}

TEST(Live, ProcessesThatWaitForEachOther) {
  const Held server("cycle");
  const Family family = server.look([](const Family &one) { return !rules_broken(one).empty(); });
  const auto findings = judge_family(family, real_packs(), real_packs().checks);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].rule, "lock-cycle");
  EXPECT_THAT(findings[0].events[0].path, SizeIs(2));
  EXPECT_TRUE(family.processes[0].threads.at(0).wait->process_shared);
}

TEST(Live, AListOfThreadsThatHasNoEndIsToldAndNotFollowed) {
  const Held server("broken");
  const Family family = server.look();
  EXPECT_THAT(family.processes[0].cannot_tell, ElementsAre(HasSubstr("leads back into itself")));
  EXPECT_THAT(family.processes[1].cannot_tell, IsEmpty());
}

TEST(Live, NothingIsThereAnyMore) {
  pid_t gone = 0;
  {
    const Held server("keys");
    gone = server.pid();
  }
  const auto read = read_family({gone}, real_packs());
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().kind, Error::Kind::gone);
}

} // namespace
} // namespace initorder::inspect
