// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/elf/support.h"
#include "tracer/elf/mappings.h"
#include "tracer/elf/process_memory.h"

#include <array>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder::elf {

namespace {
constexpr RemoteAddr kNowhere{0x20000}; // below all that the kernel chooses by itself
} // namespace

TEST(ProcessMemory, OfALiveProcess) {
  Sleeper sleeper({"memory"});
  const ProcessMemory memory(sleeper.pid());
  EXPECT_EQ(read_object<int>(memory, sleeper.said("data")).value(), 7);
  EXPECT_EQ(read_text(memory, sleeper.said("text-value"), 100).value(), "a text of the program");
}

TEST(ProcessMemory, UpToTheEndOfWhatIsMapped) {
  Sleeper sleeper({"memory"});
  const ProcessMemory memory(sleeper.pid());
  std::vector<std::byte> room(1 << 20);
  const auto end = Mappings::open(sleeper.pid())->at(sleeper.said("bss")).value()->end;
  EXPECT_EQ(memory.read_some(RemoteAddr{number(end) - 5000}, std::span(room).first(5000)), 5000u);
  EXPECT_EQ(memory.read_some(kNowhere, room), 0u);
  const auto failed = memory.read(kNowhere, room);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, Error::Kind::malformed);
}

TEST(ProcessMemory, OfAProcessThatIsGone) {
  const pid_t child = fork();
  if (child == 0)
    _exit(0);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(read_object<int>(ProcessMemory(child), RemoteAddr{0x1000}).error().kind, Error::Kind::gone);
}

TEST(ReadText, IsCutAtItsLimit) {
  MadeUpMemory memory;
  memory.put_text(0x1000, std::string(1000, 'x'));
  EXPECT_EQ(read_text(memory, RemoteAddr{0x1000}, 300)->size(), 300u);
  EXPECT_EQ(read_text(memory, RemoteAddr{0x1000}, 1000)->size(), 1000u);
  EXPECT_EQ(read_text(memory, RemoteAddr{0x1000}, 5000)->size(), 1000u);
}

TEST(ReadText, ThatDoesNotEndIsAnError) {
  MadeUpMemory memory;
  memory.put(0x1000, std::array<char, 4>{'a', 'b', 'c', 'd'});
  EXPECT_FALSE(read_text(memory, RemoteAddr{0x1000}, 10));
  EXPECT_EQ(read_text(memory, RemoteAddr{0x1000}, 4).value(), "abcd");
}

class Kind : public testing::Test {
protected:
  Sleeper sleeper{{"memory"}};
  Layout layout{sleeper.objects()};
  Result<Mappings> mappings = Mappings::open(sleeper.pid());
  MemoryKind at(const char *what, std::vector<RemoteAddr> stacks = {}) {
    return mappings->kind_at(sleeper.said(what), &layout, stacks).value();
  }
};

TEST_F(Kind, HeapSmallAndBig) {
  EXPECT_EQ(at("heap"), MemoryKind::heap);
  EXPECT_EQ(at("big-heap"), MemoryKind::heap);
}

TEST_F(Kind, DataOfAnObject) {
  EXPECT_EQ(at("data"), MemoryKind::data);
  EXPECT_EQ(at("bss"), MemoryKind::data);
  EXPECT_EQ(at("text"), MemoryKind::data);
}

TEST_F(Kind, StacksOfTheProcessAndOfKnownThreads) {
  EXPECT_EQ(at("stack"), MemoryKind::stack);
  EXPECT_EQ(at("thread-stack"), MemoryKind::heap);
  EXPECT_EQ(at("thread-stack", {sleeper.said("thread-stack")}), MemoryKind::stack);
  EXPECT_EQ(at("heap", {sleeper.said("heap")}), MemoryKind::heap);
}

TEST_F(Kind, Shared) {
  EXPECT_EQ(at("shared"), MemoryKind::shared);
}

TEST_F(Kind, NothingThere) {
  EXPECT_EQ(mappings->kind_at(kNowhere, nullptr).value(), MemoryKind::unmapped);
  EXPECT_EQ(at("reserved"), MemoryKind::unknown);
  EXPECT_EQ(mappings->kind_at(RemoteAddr{0}, nullptr).value(), MemoryKind::unmapped);
  EXPECT_EQ(mappings->kind_at(RemoteAddr{UINT64_MAX}, nullptr).value(), MemoryKind::unmapped);
}

TEST_F(Kind, TheQuickAnswerIsTheTextsAnswer) {
  const auto rows = mappings->all();
  for (const auto &row : *rows) {
    if (row.path == "[vsyscall]") // no mapping of the process's own: only the text has it
      continue;
    for (const auto inside : {row.begin, RemoteAddr{number(row.end) - 1}})
      EXPECT_EQ(mappings->at(inside).value(), std::optional(row)) << row.path;
    EXPECT_EQ(mappings->at(row.end).value(), mappings->at_by_text(row.end).value());
  }
}

TEST(ParseMapping, ALineOfSharedMemory) {
  const auto row =
      parse_mapping("7f00000000-7f00001000 rw-s 00002000 00:01 1024                       /SYSV00000000 (deleted)");
  ASSERT_TRUE(row);
  EXPECT_EQ(number(row->begin), 0x7f00000000u);
  EXPECT_EQ(row->inode, 1024u);
  EXPECT_EQ(row->path, "/SYSV00000000 (deleted)");
  EXPECT_EQ(kind_of(*row), MemoryKind::shared);
}

TEST(ParseMapping, WhatIsNoSuchLine) {
  for (const auto *line : {"", "x", "1-2", "1-2 ", "1-2 rw-p", "1-2 rw-p 0", "1-2 rw-p 0 0:0", "g-2 rw-p 0 0:0 0 ",
                           "1-fffffffffffffffff rw-p 0 0:0 0 "})
    EXPECT_FALSE(parse_mapping(line)) << line;
  EXPECT_TRUE(parse_mapping("1-2 rw-p 0 0:0 0 "));
}

TEST(KindOf, PrivateZeroesAreHeap) {
  EXPECT_EQ(kind_of(*parse_mapping("1000-2000 rw-p 00000000 00:05 4 /dev/zero")), MemoryKind::heap);
  EXPECT_EQ(kind_of(*parse_mapping("1000-2000 rw-s 00000000 00:05 4 /dev/zero (deleted)")), MemoryKind::shared);
}

} // namespace initorder::elf
