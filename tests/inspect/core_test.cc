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

/// Whatever a core says, it is read to its end, and nothing worse happens.
TEST(Core, HostileBytesAreRead) {
  const Held server("keys");
  const std::string whole = core_of(server.pid());
  std::mt19937 random(1);
  for (int round = 0; round < 60; ++round) {
    std::string bytes = whole;
    for (int i = 0; i < 200; ++i) { // most in headers and notes, the others anywhere
      const std::size_t within = i % 4 ? std::min<std::size_t>(8192, bytes.size()) : bytes.size();
      bytes[64 + random() % (within - 64)] = static_cast<char>(random());
    }
    const CoreOnDisk core(bytes);
    (void)read_cores({core.path}, real_packs());
  }
  for (int round = 0; round < 40; ++round) { // pointers into nowhere, and into the wrong place
    std::string bytes = whole;
    for (int i = 0; i < 2000; ++i) {
      const std::size_t at = (8192 + random() % (bytes.size() - 8200)) & ~std::size_t{7};
      std::memcpy(bytes.data() + at, bytes.data() + ((8192 + random() % (bytes.size() - 8200)) & ~std::size_t{7}), 8);
    }
    const CoreOnDisk core(bytes);
    (void)read_cores({core.path}, real_packs());
  }
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
