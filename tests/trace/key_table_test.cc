// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/key_table.h"

#include "rules/engine.h"
#include "rules/packs.h"
#include "tests/trace/small_packs.h"

namespace initorder::trace {
namespace {

constexpr ProcessNumber kFirst{1}, kSecond{2};

Timeline &creates(Timeline &run, std::int64_t key, const char *object) {
  run.calls("key_create", "threads", {"tsd.key.create"});
  run.with({.name = "destructor", .number = 5, .memory = Memory::data, .function = frame(object, "free_it")});
  return run.from({frame("libc.so.6", "key_create"), frame(object, "make_key")}).returns(0, {{"key", key}});
}
Timeline &sets(Timeline &run, std::int64_t key, std::int64_t value, Memory memory) {
  run.calls("key_set", "threads", {"tsd.set"}).with({"key", key});
  return run.with({.name = "value", .number = value, .memory = memory}).returns(0);
}
Timeline &clears(Timeline &run, std::int64_t key, const char *object) {
  run.calls("key_set", "threads", {"tsd.clear"}).with({"key", key});
  run.with({.name = "value", .number = 0, .memory = Memory::none});
  return run.from({frame("libc.so.6", "key_set"), frame(object, "", 0x77)}).returns(0);
}
std::vector<KeyRow> rows_of(const Timeline &run) {
  const Processes processes = processes_of(run.records(), small_host());
  return key_table(run.records(), processes, small_host(), small_libraries()).rows;
}

} // namespace

TEST(KeyTable, HasKeysInTheOrderOfCreationWithTheirOwners) {
  Timeline run;
  creates(run.phase("mod-init").entry("tls", "mod_init"), 3, "libcrypto.so.3");
  creates(run, 0, "libpython3.so");
  const std::vector<KeyRow> rows = rows_of(run);
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].number, 3);
  EXPECT_EQ(rows[0].owner, "libcrypto.so.3");
  EXPECT_EQ(rows[0].site_function, "make_key");
  EXPECT_EQ(rows[0].place.module, "tls");
  EXPECT_EQ(rows[0].destructor, "free_it");
  EXPECT_EQ(rows[1].owner, "libpython3.so");
}

TEST(KeyTable, WorkersThatInheritASharedValueShareIt) {
  Timeline run;
  sets(creates(run, 3, "libcrypto.so.3"), 3, 0x1000, Memory::shared).forks_worker(kFirst).forks_worker(kSecond);
  EXPECT_THAT(rows_of(run)[0].holders, ElementsAre(kLaunched, kFirst, kSecond));
  EXPECT_THAT(rows_of(run)[0].sharers, ElementsAre(kLaunched, kFirst, kSecond));
  sets(run.in(kSecond), 3, 0x2000, Memory::shared);
  EXPECT_THAT(rows_of(run)[0].sharers, ElementsAre(kLaunched, kFirst));
}

TEST(KeyTable, PrivateMemoryIsNotShared) {
  Timeline run;
  sets(creates(run, 3, "libcrypto.so.3"), 3, 0x1000, Memory::heap).forks_worker(kFirst);
  EXPECT_THAT(rows_of(run)[0].holders, ElementsAre(kLaunched, kFirst));
  EXPECT_THAT(rows_of(run)[0].sharers, IsEmpty());
}

TEST(KeyTable, AWorkerDoesNotInheritWhatAnotherThreadHolds) {
  Timeline run;
  creates(run, 3, "libcrypto.so.3").starts_thread().on(101);
  sets(run, 3, 0x1000, Memory::shared).on(100).forks_worker(kFirst);
  EXPECT_THAT(rows_of(run)[0].holders, IsEmpty());
}

TEST(KeyTable, SaysWhoClearedAKeyAndWhere) {
  Timeline run;
  sets(creates(run, 3, "libcrypto.so.3"), 3, 0x1000, Memory::shared).forks_worker(kFirst).forks_worker(kSecond);
  clears(run.in(kFirst), 3, "tls.so");
  clears(run.in(kSecond), 3, "tls.so");
  const KeyRow row = rows_of(run)[0];
  EXPECT_THAT(row.holders, ElementsAre(kLaunched));
  ASSERT_THAT(row.cleared, SizeIs(1));
  EXPECT_EQ(row.cleared[0].object, "tls.so");
  EXPECT_EQ(row.cleared[0].site.file, "tls.so+0x77");
  EXPECT_THAT(row.cleared[0].processes, ElementsAre(kFirst, kSecond));
}

TEST(KeyTable, ADeletedKeyHoldsNothing) {
  Timeline run;
  sets(creates(run, 3, "libcrypto.so.3"), 3, 0x1000, Memory::shared);
  run.calls("key_delete", "threads", {"tsd.key.delete"}).with({"key", 3}).returns(0);
  sets(creates(run, 3, "tls.so"), 3, 0x2000, Memory::heap);
  const std::vector<KeyRow> rows = rows_of(run);
  EXPECT_THAT(rows[0].deleted, ElementsAre(kLaunched));
  EXPECT_THAT(rows[0].holders, IsEmpty());
  EXPECT_THAT(rows[1].holders, ElementsAre(kLaunched));
}

TEST(KeyTable, AKeyDeletedBeforeTheForkIsNotInherited) {
  Timeline run;
  sets(creates(run, 3, "libcrypto.so.3"), 3, 0x1000, Memory::shared);
  run.calls("key_delete", "threads", {"tsd.key.delete"}).with({"key", 3}).returns(0).forks_worker(kFirst);
  EXPECT_THAT(rows_of(run)[0].holders, IsEmpty());
}

/// The real rule, with packs that are read as users have them, on a server whose keys have these owners.
class TsdKeyCleared : public testing::Test {
protected:
  static Timeline cleared(const char *owner, const char *by) {
    Timeline run;
    run.phase("mod-init").calls("pthread_key_create", "pthread", {"tsd.key.create"});
    run.from({frame("libc.so.6", "pthread_key_create"), frame(owner)}).returns(0, {{"key", 3}});
    run.phase_ends().phase("fork").forks_worker(kFirst).in(kFirst);
    run.calls("pthread_setspecific", "pthread", {"tsd.clear"}).with({"key", 3}).with({"value", 0});
    return run.from({frame("libc.so.6", "pthread_setspecific"), frame(by)}).returns(0);
  }
  std::vector<std::string> findings(const Timeline &run) const {
    Result<Packs> packs = load_packs(INITORDER_SOURCE_RULES);
    if (!packs)
      return {packs.error().text()};
    // Whether this function's arguments are written down is another part's business.
    for (LibraryPack &library : packs->libraries)
      for (LibraryFunction &function : library.functions)
        if (function.name == "pthread_key_create" || function.name == "pthread_setspecific")
          function.trace.arguments = {{"key"}, {"value"}};
    std::vector<std::string> out;
    for (const HostPack &host : packs->hosts)
      if (host.name == "kamailio")
        for (const Finding &finding : judge({sequence_of(run.records(), host, packs->libraries)}, packs->checks, host))
          if (finding.rule == "tsd-key-cleared")
            out.push_back(finding.message);
    return out;
  }
};

TEST_F(TsdKeyCleared, AForeignKeyIsAFinding) {
  EXPECT_THAT(findings(cleared("libpython3.11.so.1.0", "tls.so")),
              ElementsAre("'pthread_setspecific' in tls.so clears a thread-specific key that another object created"));
}

TEST_F(TsdKeyCleared, OnesOwnKeyIsNone) {
  EXPECT_THAT(findings(cleared("tls.so", "tls.so")), IsEmpty());
}

TEST_F(TsdKeyCleared, OpenSslsKeysMayBeCleared) {
  EXPECT_THAT(findings(cleared("libcrypto.so.3", "tls.so")), IsEmpty());
}

} // namespace initorder::trace
