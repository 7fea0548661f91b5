// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/inspect/pictures.h"
#include "tracer/inspect/connections.h"

#include <sstream>

namespace initorder::inspect {
namespace {

const char *const kHead =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

TcpTable table_of(const std::string &rows) {
  TcpTable out;
  std::istringstream text(kHead + rows);
  EXPECT_TRUE(read_tcp(text, out));
  return out;
}

std::string row(const std::string &local, const std::string &remote, const char *state, unsigned inode) {
  return "   0: " + local + " " + remote + " " + state + " 00000000:00000000 00:00000000 00000000     0        0 " +
         std::to_string(inode) + " 1 0000000000000000 20 4 30 10 -1\n";
}

const std::string kHere = "0700000A:A122", kDatabase = "0500000A:0CEA", kSip = "0700000A:13C4", kAny = "00000000:0000";

/// A main process (pid 1) and workers (2, 3 ...), each with this socket under the number given; -1: it has it not.
std::vector<Sockets> holding(std::uint64_t inode, const std::vector<int> &descriptors) {
  std::vector<Sockets> out;
  for (const int descriptor : descriptors) {
    Sockets &one = out.emplace_back(Sockets{static_cast<std::int32_t>(out.size()) + 1, out.empty(), {}});
    if (descriptor >= 0)
      one.by_descriptor[descriptor] = inode;
  }
  return out;
}

TEST(Connections, TheKernelsTableIsRead) {
  const TcpTable table = table_of(row(kHere, kDatabase, "01", 77) + row(kSip, kAny, "0A", 78));
  ASSERT_THAT(table.established, SizeIs(1));
  EXPECT_EQ(table.established.at(77).local, "10.0.0.7:41250");
  EXPECT_EQ(table.established.at(77).remote, "10.0.0.5:3306");
  EXPECT_THAT(table.listening, ElementsAre(5060));
}

TEST(Connections, TheTableOfTheSixthVersionIsRead) {
  const TcpTable table = table_of(
      row("00000000000000000000000001000000:A122", "B80D0120000000000000000001000000:0CEA", "01", 77));
  ASSERT_THAT(table.established, SizeIs(1));
  EXPECT_EQ(table.established.at(77).local, "[::1]:41250");
  EXPECT_EQ(table.established.at(77).remote, "[2001:db8::1]:3306");
}

TEST(Connections, WhatIsNoRowIsPassedOver) {
  const TcpTable table = table_of("\n0: 1 2 3\n" + row("0700000A", kDatabase, "01", 77) + row("0700000A:FFFFF", kDatabase, "01", 77) +
                                  row("zz00000A:0CEA", kDatabase, "01", 77) + row(kHere, kDatabase, "01", 0));
  EXPECT_THAT(table.established, IsEmpty());
}

TEST(Connections, OneThatWorkersInherited) {
  const TcpTable table = table_of(row(kHere, kDatabase, "01", 77));
  const auto found = shared_connections(holding(77, {7, 7, -1}), table);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].descriptor, 7);
  EXPECT_TRUE(found[0].sure);
  EXPECT_THAT(found[0].holders, ElementsAre(1, 2));
}

TEST(Connections, OneThatWasPassedHasAnotherNumber) {
  const TcpTable table = table_of(row(kHere, kDatabase, "01", 77));
  EXPECT_THAT(shared_connections(holding(77, {7, 9, -1}), table), IsEmpty());
}

TEST(Connections, TwoWorkersMayHavePassedItByChanceUnderOneNumber) {
  const TcpTable table = table_of(row(kHere, kDatabase, "01", 77));
  EXPECT_THAT(shared_connections(holding(77, {-1, 7, 7}), table), IsEmpty());
  EXPECT_THAT(shared_connections(holding(77, {-1, 7, 7, 7, -1}), table), IsEmpty());
}

TEST(Connections, AllWorkersHaveOneThatTheMainProcessHasClosed) {
  const TcpTable table = table_of(row(kHere, kDatabase, "01", 77));
  const auto found = shared_connections(holding(77, {-1, 7, 7, 7}), table);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_FALSE(found[0].sure);
  EXPECT_THAT(found[0].holders, ElementsAre(2, 3, 4));
}

TEST(Connections, OneThatTheServerAcceptedIsNone) {
  const TcpTable table = table_of(row(kSip, kDatabase, "01", 77) + row(kSip, kAny, "0A", 78));
  EXPECT_THAT(shared_connections(holding(77, {7, 7, 7}), table), IsEmpty());
}

TEST(Connections, OneThatIsNoLongerEstablishedIsNone) {
  const TcpTable table = table_of(row(kHere, kDatabase, "08", 77)); // CLOSE_WAIT
  EXPECT_THAT(shared_connections(holding(77, {7, 7, 7}), table), IsEmpty());
}

TEST(Connections, AChannelOfTheServersOwnIsNone) {
  const std::string both = row(kHere, kSip, "01", 77) + row(kSip, kHere, "01", 78);
  auto family = holding(77, {7, 7, 7});
  family[0].by_descriptor[8] = 78;
  EXPECT_THAT(shared_connections(family, table_of(both)), IsEmpty());
  // A port that listens tells the client's end.
  EXPECT_THAT(shared_connections(family, table_of(both + row(kSip, kAny, "0A", 79))), SizeIs(1));
}

TEST(Connections, TheRuleSaysWhoSharesWhat) {
  Family family = family_of(2);
  EXPECT_THAT(rules_broken(family), IsEmpty());
  family.connections = {{7, 77, "10.0.0.7:41250", "10.0.0.5:3306", {1, 2, 3}, true}};
  const auto findings = judge_family(family, real_packs(), real_packs().checks);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].rule, "connection-before-fork");
  EXPECT_EQ(findings[0].certainty, Certainty::always);
  EXPECT_THAT(findings[0].events[0].why, HasSubstr("3 processes hold socket 77 as descriptor 7"));
  family.connections[0].sure = false;
  EXPECT_EQ(judge_family(family, real_packs(), real_packs().checks).at(0).certainty, Certainty::maybe);
}

} // namespace
} // namespace initorder::inspect
