// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// programs/holds.c with musl as its C library.
#include "tests/inspect/held.h"

namespace initorder::inspect {
namespace {

class Musl : public ::testing::Test {
protected:
  void SetUp() override {
    if (::access(INITORDER_HOLDS_MUSL, X_OK) != 0)
      GTEST_SKIP() << "no musl-gcc here (Debian: musl-tools)";
  }
};

TEST_F(Musl, KeysWithTheirDestructorsAndMemory) {
  const Held server("keys", INITORDER_HOLDS_MUSL);
  const Family family = server.look();
  ASSERT_THAT(family.processes, SizeIs(2));
  const Process &main = family.processes[0];
  EXPECT_THAT(main.cannot_tell, ElementsAre(HasSubstr("musl does not say who has a mutex"),
                                            HasSubstr("this C library does not keep them as glibc"),
                                            HasSubstr("this C library does not keep them as glibc")));
  ASSERT_NO_FATAL_FAILURE(expect_its_keys(main));
  EXPECT_THAT(rules_broken(family), ElementsAre("tsd-value-shared"));
}

TEST_F(Musl, ThreadsOfEachProcess) {
  const Held server("inherited", INITORDER_HOLDS_MUSL);
  const Family family = server.look();
  ASSERT_THAT(family.processes, SizeIs(2));
  ASSERT_THAT(family.processes[0].threads, SizeIs(2));
  ASSERT_THAT(family.processes[1].threads, SizeIs(1)); // the other was not copied
  for (const Process &process : family.processes)
    for (const Thread &thread : process.threads)
      EXPECT_NE(thread.descriptor, 0u);
}

TEST_F(Musl, AMutexIsNotReadAsIfItWereGlibcs) {
  const Held server("inherited", INITORDER_HOLDS_MUSL);
  const auto waits = [](const Family &one) { return one.processes[1].threads.at(0).wait.has_value(); };
  const Family family = server.look(waits);
  ASSERT_TRUE(waits(family));
  EXPECT_FALSE(family.processes[1].threads[0].wait->is_mutex);
}

TEST_F(Musl, TheProgramIsLoadedOnceAndNeedsItsLoader) {
  const Held server("keys", INITORDER_HOLDS_MUSL);
  const Family family = server.look();
  const auto &objects = family.processes[0].objects;
  ASSERT_THAT(objects, SizeIs(2));
  EXPECT_THAT(objects[1].path, HasSubstr("ld-musl"));
  EXPECT_THAT(objects[1].needed_by, ElementsAre("inspect_holds_musl"));
}

TEST_F(Musl, StoppedToo) {
  const Held server("keys", INITORDER_HOLDS_MUSL);
  const Family family = server.look([](const Family &) { return true; }, Manner::stopped);
  EXPECT_THAT(rules_broken(family), ElementsAre("tsd-value-shared"));
}

} // namespace
} // namespace initorder::inspect
