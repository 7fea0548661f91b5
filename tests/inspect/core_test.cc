// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/inspect/core_writer.h"

#include <random>

namespace initorder::inspect {
namespace {

TEST(Core, TwoCoresSayWhatTheProcessesSaid) {
  const Held server("keys");
  const Family live = server.look();
  const auto pids = server.family();
  const CoreOnDisk main(core_of(pids.at(0))), worker(core_of(pids.at(1)));
  // In whichever order they are named.
  const auto read = read_cores({worker.path, main.path}, real_packs());
  ASSERT_TRUE(read.has_value()) << read.error().text();
  ASSERT_THAT(*read, SizeIs(1));
  const Family &cores = read->at(0);
  ASSERT_THAT(cores.processes, SizeIs(2));
  EXPECT_EQ(cores.processes[0].pid, pids[0]);
  EXPECT_TRUE(cores.processes[0].is_main);
  EXPECT_THAT(cores.processes[0].cannot_tell, IsEmpty());
  EXPECT_THAT(cores.processes[0].keys, SizeIs(live.processes[0].keys.size()));
  EXPECT_EQ(value_of(cores.processes[1], 40)->value, value_of(live.processes[1], 40)->value);
  EXPECT_EQ(rules_broken(cores), rules_broken(live));
}

TEST(Core, OneCoreCannotSayWhatIsShared) {
  const Held server("keys");
  const CoreOnDisk main(core_of(server.pid()));
  const auto read = read_cores({main.path}, real_packs());
  ASSERT_TRUE(read.has_value()) << read.error().text();
  EXPECT_THAT(rules_broken(read->at(0)), IsEmpty());
  EXPECT_THAT(read->at(0).remarks, ElementsAre(HasSubstr("from one core"), HasSubstr("a core holds no descriptors")));
}

TEST(Core, WhatIsNoneIsRefusedInOneLine) {
  const auto program = read_cores({"/proc/self/exe"}, real_packs());
  ASSERT_FALSE(program.has_value());
  EXPECT_THAT(program.error().what, HasSubstr("is a program or a library"));
  const CoreOnDisk text("not a core");
  EXPECT_EQ(read_cores({text.path}, real_packs()).error().kind, Error::Kind::malformed);
}

/// Some bytes are others: most of them in headers and notes, one in four anywhere.
void spoil_bytes(std::string &core, unsigned count, std::mt19937 &random) {
  for (unsigned i = 0; i < count; ++i) {
    const std::size_t within = i % 4 ? std::min<std::size_t>(8192, core.size()) : core.size();
    core[64 + random() % (within - 64)] = static_cast<char>(random());
  }
}

/// Pointers lead into nowhere, and into the wrong place: words of its memory are other words of it.
void spoil_pointers(std::string &core, unsigned count, std::mt19937 &random) {
  const auto somewhere = [&] { return (8192 + random() % (core.size() - 8200)) & ~std::size_t{7}; };
  for (unsigned i = 0; i < count; ++i) {
    const std::size_t to = somewhere(), from = somewhere();
    std::memmove(core.data() + to, core.data() + from, 8);
  }
}

/// How many of so many spoilt cores could be read.
unsigned readable(const std::string &whole, unsigned rounds, unsigned changes, unsigned seed,
                  void (*spoil)(std::string &, unsigned, std::mt19937 &)) {
  std::mt19937 random(seed);
  unsigned out = 0;
  for (unsigned round = 0; round < rounds; ++round) {
    std::string bytes = whole;
    spoil(bytes, changes, random);
    const CoreOnDisk core(bytes);
    if (const auto read = read_cores({core.path}, real_packs())) {
      ++out;
      (void)judge_family(read->at(0), real_packs(), real_packs().checks);
    }
  }
  return out;
}

/// Whatever a core says, it is read to its end, and nothing worse happens. The lower bounds: enough of them come past
/// the headers.
TEST(Core, HostileBytesAreRead) {
  const Held server("keys");
  const std::string whole = core_of(server.pid());
  EXPECT_GT(readable(whole, 150, 4, 1, spoil_bytes), 20u);
  readable(whole, 100, 200, 2, spoil_bytes);
  EXPECT_GT(readable(whole, 100, 200, 3, spoil_pointers), 20u);
  readable(whole, 50, 5000, 4, spoil_pointers);
}

TEST(Core, ThreadsThatWaitWithHostileStacksAreRead) {
  const Held server("inherited");
  server.look([](const Family &one) { return !stuck_groups(one).empty(); });
  const std::string whole = core_of(server.family().at(1));
  EXPECT_GT(readable(whole, 150, 300, 5, spoil_pointers), 20u);
}

/// Each range of files lies over all of its segments: the product of both would take hours.
TEST(Core, NamesThatLieOverEachOtherTakeNoTime) {
  constexpr unsigned many = 60'000;
  std::string files(16 + many * 24, '\0'), status(336, '\0');
  put(files, 0, std::uint64_t{many});
  put(files, 8, std::uint64_t{4096});
  for (unsigned i = 0; i < many; ++i)
    put(files, 16 + i * 24 + 8, ~std::uint64_t{0});
  for (unsigned i = 0; i < many; ++i)
    files += std::string("/a\0", 3);
  put(status, 32, 1);
  const std::string notes = note(NT_PRSTATUS, status) + note(NT_FILE, files);
  const Elf64_Ehdr header = core_header(many);
  std::vector<Elf64_Phdr> rows(many, {.p_type = PT_LOAD, .p_memsz = 4096});
  for (unsigned i = 1; i < many; ++i)
    rows[i].p_vaddr = std::uint64_t{i} << 12;
  const std::uint64_t begin = sizeof header + rows.size() * sizeof rows[0];
  rows[0] = {.p_type = PT_NOTE, .p_offset = begin, .p_filesz = notes.size()};
  const CoreOnDisk core(std::string(reinterpret_cast<const char *>(&header), sizeof header) +
                        std::string(reinterpret_cast<const char *>(rows.data()), rows.size() * sizeof rows[0]) + notes);
  const auto read = read_cores({core.path}, real_packs());
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().kind, Error::Kind::malformed);
}

TEST(Core, ACutOffCoreSaysWhatItHas) {
  const Held server("keys");
  const std::string whole = core_of(server.pid());
  for (std::size_t part = 0; part < 16; ++part) {
    const CoreOnDisk core(std::string_view(whole).substr(0, whole.size() * part / 16));
    const auto read = read_cores({core.path}, real_packs());
    if (read)
      EXPECT_THAT(rules_broken(read->at(0)), IsEmpty());
    else
      EXPECT_FALSE(read.error().what.empty());
  }
}

} // namespace
} // namespace initorder::inspect
