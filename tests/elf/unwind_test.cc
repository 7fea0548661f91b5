// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/elf/support.h"
#include "tracer/elf/process_memory.h"

#include <algorithm>

namespace initorder::elf {

using testing::Contains;
using testing::StartsWith;

namespace {
/// Names of frames of the program itself, from the first to main().
std::vector<std::string> own(std::vector<std::string> names) {
  const auto main = std::find(names.begin(), names.end(), "main");
  names.erase(main == names.end() ? main : main + 1, names.end());
  return names;
}
} // namespace

TEST(Stack, ThroughDeepRecursionWithoutFramePointers) {
  Sleeper sleeper({"deep", "200"});
  auto names = sleeper.stack(Layout(sleeper.objects()));
  EXPECT_EQ(names.back(), "_start");
  names = own(names);
  EXPECT_EQ(std::count(names.begin(), names.end(), "go_down"), 201);
  EXPECT_EQ(names.size(), 203u);
}

TEST(Stack, ThroughALibraryThatCallsBack) {
  Sleeper sleeper({"qsort"});
  auto names = own(sleeper.stack(Layout(sleeper.objects())));
  ASSERT_GE(names.size(), 5u);
  EXPECT_EQ(names[1], "compare");
  EXPECT_EQ(names[names.size() - 2], "sort_some");
}

TEST(Stack, ThroughASignalHandler) {
  Sleeper sleeper({"signal"});
  const auto names = own(sleeper.stack(Layout(sleeper.objects())));
  ASSERT_GE(names.size(), 5u);
  EXPECT_EQ(names[1], "on_signal");
  EXPECT_EQ(names[names.size() - 2], "be_signalled");
  EXPECT_EQ(names.back(), "main");
}

TEST(Stack, NoMoreThanAskedFor) {
  Sleeper sleeper({"deep", "50"});
  const Layout layout(sleeper.objects());
  const auto registers = sleeper.stop();
  const ProcessMemory memory(sleeper.pid());
  EXPECT_THAT(layout.stack(registers, memory, 0), IsEmpty());
  EXPECT_THAT(layout.stack(registers, memory, 1), ElementsAre(RemoteAddr{registers.pc()}));
  EXPECT_EQ(layout.stack(registers, memory, 10).size(), 10u);
  EXPECT_EQ(layout.stack(registers, memory, 10), layout.stack(registers, memory, 10));
}

TEST(Stack, EndsWhereNoObjectIsKnown) {
  Sleeper sleeper({"qsort"});
  auto objects = sleeper.objects();
  std::erase_if(objects, [](const Loaded &one) { return one.path.find("libc.so") == std::string::npos; });
  const auto frames = Layout(objects).stack(sleeper.stop(), ProcessMemory(sleeper.pid()), 100);
  EXPECT_EQ(frames.size(), 2u); // read(), and its caller, whose table is not known
}

TEST(Stack, OfUnreadableMemoryIsThePcAlone) {
  Sleeper sleeper({"qsort"});
  EXPECT_EQ(Layout(sleeper.objects()).stack(sleeper.stop(), MadeUpMemory(), 100).size(), 1u);
}

TEST(Layout, WhichObjectIsAtAnAddress) {
  Sleeper sleeper({"memory"});
  const Layout layout(sleeper.objects());
  EXPECT_EQ(layout.at(sleeper.said("bss"))->path, made("sleeper"));
  EXPECT_EQ(layout.at(sleeper.said("text"))->path, made("sleeper"));
  EXPECT_EQ(layout.at(sleeper.said("heap")), nullptr);
  EXPECT_EQ(layout.at(RemoteAddr{0}), nullptr);
}

TEST(Layout, ExtendedOneGivesTheSameStacks) {
  Sleeper sleeper({"signal"});
  auto objects = sleeper.objects();
  const auto registers = sleeper.stop();
  const ProcessMemory memory(sleeper.pid());
  auto last = objects.back();
  objects.pop_back();
  const Layout before(objects);
  const auto known = before.stack(registers, memory, 100);
  objects.push_back(last);
  EXPECT_EQ(Layout(objects, before).stack(registers, memory, 100), known);
}

// t0 an object is unloaded; t1 another one comes to its place: rows of the first must not be used for the second.
TEST(Layout, WhatWasUnloadedIsForgotten) {
  Sleeper sleeper({"deep", "3"});
  const auto objects = sleeper.objects();
  const auto registers = sleeper.stop();
  const ProcessMemory memory(sleeper.pid());
  const Layout before(objects);
  ASSERT_GT(before.stack(registers, memory, 100).size(), 5u);
  auto moved = objects;
  for (auto &one : moved)
    one.bias += 0x1000;
  EXPECT_EQ(Layout(moved, before).stack(registers, memory, 100), Layout(moved).stack(registers, memory, 100));
}

} // namespace initorder::elf
