// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/elf/support.h"
#include "tracer/elf/process_memory.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/auxv.h>
#include <unistd.h>

namespace initorder::elf {

namespace {

const ProcessMemory kOurs(getpid());

Rendezvous our_rendezvous() {
  const auto program = opened("/proc/self/exe");
  return find_rendezvous(kOurs, *program, getauxval(AT_ENTRY) - number(program->entry())).value().value();
}

/// The loader's own; the name _r_debug may mean a copy in this program.
const r_debug &known() {
  const ElfW(Dyn) *row = _DYNAMIC;
  while (row->d_tag != DT_DEBUG)
    ++row;
  return *reinterpret_cast<const r_debug *>(row->d_un.d_ptr);
}

struct Row {
  std::uint64_t address, name, dynamic, next, previous;
};

/// A list of one row whose successor is `next`.
MadeUpMemory list(std::uint64_t next) {
  MadeUpMemory memory;
  memory.put(0x1000, r_debug{.r_version = 1, .r_map = reinterpret_cast<link_map *>(0x2000), .r_brk = 0x77});
  memory.put(0x2000, Row{0x400000, 0x3000, 0, next, 0});
  memory.put_text(0x3000, "/lib/a.so");
  return memory;
}
const Rendezvous kMadeUp{RemoteAddr{0x1000}, RemoteAddr{0x77}};

} // namespace

TEST(Rendezvous, IsWhatTheLoaderUses) {
  EXPECT_EQ(number(our_rendezvous().r_debug), reinterpret_cast<std::uint64_t>(&known()));
  EXPECT_EQ(number(our_rendezvous().r_brk), known().r_brk);
  EXPECT_TRUE(is_consistent(kOurs, our_rendezvous()).value());
}

TEST(Rendezvous, NoneBeforeTheLoaderHasRun) {
  const auto program = opened(made("sleeper"));
  MadeUpMemory memory;
  memory.put(number(*program->dynamic()), Elf64_Dyn{DT_DEBUG, {0}});
  EXPECT_FALSE(find_rendezvous(memory, *program, 0).value());
}

TEST(Rendezvous, NoneWithoutDebugEntry) {
  const auto program = opened(made("sleeper"));
  MadeUpMemory memory;
  memory.put(number(*program->dynamic()), Elf64_Dyn{DT_NULL, {0}});
  EXPECT_FALSE(find_rendezvous(memory, *program, 0).value());
}

TEST(Rendezvous, UnreadableMemoryIsAnError) {
  EXPECT_FALSE(find_rendezvous(MadeUpMemory(), *opened(made("sleeper")), 0));
}

TEST(LinkMap, ListsWhatTheLoaderLists) {
  const auto rows = read_link_map(kOurs, our_rendezvous());
  ASSERT_TRUE(rows);
  const link_map *next = known().r_map;
  for (const auto &row : *rows) {
    ASSERT_NE(next, nullptr);
    EXPECT_EQ(number(row.address), reinterpret_cast<std::uint64_t>(next));
    EXPECT_EQ(row.bias, next->l_addr);
    EXPECT_EQ(row.path, next->l_name);
    next = next->l_next;
  }
  EXPECT_EQ(next, nullptr);
}

TEST(LinkMap, WhatWasLoadedSince) {
  const auto before = read_link_map(kOurs, our_rendezvous());
  EXPECT_THAT(read_link_map_after(kOurs, before->back()).value(), IsEmpty());
  void *handle = dlopen(made("constructors.so").c_str(), RTLD_NOW);
  ASSERT_NE(handle, nullptr);
  const auto added = read_link_map_after(kOurs, before->back());
  EXPECT_THAT(*added, ElementsAre(testing::Field(&LinkMapEntry::path, made("constructors.so").string())));
  dlclose(handle);
  EXPECT_EQ(read_link_map(kOurs, our_rendezvous())->size(), before->size());
}

TEST(LinkMap, ARowOfMadeUpMemory) {
  EXPECT_THAT(read_link_map(list(0), kMadeUp).value(),
              ElementsAre(testing::AllOf(testing::Field(&LinkMapEntry::bias, 0x400000u),
                                         testing::Field(&LinkMapEntry::path, "/lib/a.so"))));
}

TEST(LinkMap, ACircleIsMalformed) {
  const auto rows = read_link_map(list(0x2000), kMadeUp);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, Error::Kind::malformed);
}

TEST(LinkMap, APointerIntoNothingIsAnError) {
  EXPECT_FALSE(read_link_map(list(0x9999), kMadeUp));
}

} // namespace initorder::elf
