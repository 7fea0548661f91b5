// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/inspect/pictures.h"

namespace initorder::inspect {
namespace {

TEST(Judge, OneObjectInSharedMemoryIsTheHazard) {
  Family family = family_of(2);
  add_key(family, kErrorQueue);
  for (Process &process : family.processes)
    hold(process, kErrorQueue, in_shared(0x100));
  const auto findings = judge_family(family, real_packs(), real_packs().checks);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].rule, "openssl-state-before-fork");
  EXPECT_THAT(findings[0].events[0].why, HasSubstr("3 processes hold 0x5100"));
}

TEST(Judge, TheSameAddressInMemoryOfOnesOwnIsNone) {
  Family family = family_of(2);
  add_key(family, kErrorQueue);
  for (Process &process : family.processes)
    hold(process, kErrorQueue, in_heap(0x5100));
  EXPECT_THAT(rules_broken(family), IsEmpty());
}

TEST(Judge, OneObjectEachIsNone) {
  Family family = family_of(2);
  add_key(family, kErrorQueue);
  for (Process &process : family.processes)
    hold(process, kErrorQueue, in_shared(static_cast<std::uint64_t>(process.pid) * 0x100));
  EXPECT_THAT(rules_broken(family), IsEmpty());
}

TEST(Judge, TheSameObjectAtAnotherAddressIsTheHazard) {
  Family family = family_of(1);
  add_key(family, kErrorQueue);
  for (Process &process : family.processes) {
    HeldValue value = in_shared(0x100);
    value.value += static_cast<std::uint64_t>(process.pid) << 20; // mapped elsewhere in each
    hold(process, kErrorQueue, value);
  }
  EXPECT_THAT(rules_broken(family), ElementsAre("openssl-state-before-fork"));
}

TEST(Judge, ASharedValueOfNobodyKnowsWhomIsToldAsSuch) {
  Family family = family_of(1);
  add_key(family, kUnknown);
  for (Process &process : family.processes)
    hold(process, kUnknown, in_shared(0x100));
  EXPECT_THAT(rules_broken(family), ElementsAre("tsd-value-shared"));
}

TEST(Judge, AThreadStateThatWasTakenAway) {
  Family family = family_of(2);
  add_key(family, kPython);
  for (Process &process : family.processes)
    hold(process, kPython, in_heap(0x9000));
  EXPECT_THAT(rules_broken(family), IsEmpty());
  family.processes[1].threads.front().values.clear();
  EXPECT_THAT(rules_broken(family), IsEmpty()); // it may never have had one
  family.processes[1].robbed_of = {kPython.number};
  EXPECT_THAT(rules_broken(family), ElementsAre("tsd-key-cleared"));
}

TEST(Judge, AnUnknownValueThatAWorkerLacksIsNoHazardByItself) {
  Family family = family_of(1);
  add_key(family, kUnknown);
  hold(family.processes[0], kUnknown, in_heap(0x9000));
  EXPECT_THAT(rules_broken(family), IsEmpty());
  // In the same worker OpenSSL's inherited value is gone as well: somebody cleared keys by number.
  add_key(family, kErrorQueue);
  hold(family.processes[0], kErrorQueue, in_heap(0xa000));
  const auto findings = judge_family(family, real_packs(), real_packs().checks);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].rule, "tsd-key-cleared");
  EXPECT_EQ(findings[0].certainty, Certainty::maybe);
}

TEST(Judge, AKeyTakenAnewByItsLibraryIsTheSameKey) {
  Family family = family_of(1);
  add_key(family, kPython);
  family.processes[1].keys[0].generation = 3;
  EXPECT_THAT(key_rows(family), SizeIs(1));
  family.processes[1].keys[0].name.clear(); // another library may have taken the number
  family.processes[1].keys[0].library.clear();
  EXPECT_THAT(key_rows(family), SizeIs(2));
}

TEST(Judge, AThreadThatWorkersOnlyHaveTheStackOf) {
  Family family = family_of(1);
  family.processes[0].threads.push_back({.tid = 9, .descriptor = 0x8000, .routine = Frame{.object = "/lib/thr.so", .offset = 0x40}});
  EXPECT_THAT(rules_broken(family), IsEmpty()); // started after the fork
  family.processes[1].copied_threads = {0x8000};
  EXPECT_THAT(rules_broken(family), ElementsAre("thread-before-fork"));
}

} // namespace
} // namespace initorder::inspect
