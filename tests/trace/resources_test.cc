// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What calls open, use and close; and calls that failed.
#include "tests/trace/small_packs.h"

namespace initorder::trace {
namespace {

Timeline &creates(Timeline &run, std::int64_t key, std::int64_t result = 0) {
  return run.calls("key_create", "threads", {"tsd.key.create"}).returns(result, {{"key", key}});
}
Timeline &deletes(Timeline &run, std::int64_t key) {
  return run.calls("key_delete", "threads", {"tsd.key.delete"}).with({"key", key}).returns(0);
}
Timeline &sets(Timeline &run, std::int64_t key) {
  return run.calls("key_set", "threads", {"tsd.set"}).with({"key", key}).returns(0);
}
std::vector<std::optional<std::uint64_t>> resources_of(const Timeline &run) {
  std::vector<std::optional<std::uint64_t>> out;
  for (const Event &event : events_of(run))
    out.push_back(event.resource);
  return out;
}

} // namespace

TEST(Resource, AKeyIsTheSameInAllCallsThatNameIt) {
  Timeline run;
  deletes(sets(creates(run, 3), 3), 3);
  EXPECT_THAT(resources_of(run), ElementsAre(1, 1, 1));
}

TEST(Resource, AnotherKeyIsAnother) {
  Timeline run;
  sets(creates(creates(run, 3), 4), 4);
  EXPECT_THAT(resources_of(run), ElementsAre(1, 2, 2));
}

TEST(Resource, AReusedNumberIsAnotherKey) {
  Timeline run;
  sets(creates(deletes(creates(run, 3), 3), 3), 3);
  EXPECT_THAT(resources_of(run), ElementsAre(1, 1, 2, 2));
}

TEST(Resource, AWorkerInheritsKeysAndItsOwnAreItsOwn) {
  Timeline run;
  creates(run, 3).forks_worker(ProcessNumber{1});
  creates(run, 4);
  creates(run.in(ProcessNumber{1}), 4);
  sets(sets(run, 3), 4);
  // The worker's events stand before what main did after the fork.
  EXPECT_THAT(resources_of(run), ElementsAre(1, 3, 1, 3, 2));
}

TEST(Resource, AKeyThatWasNotSeenToBeCreatedIsNone) {
  Timeline run;
  sets(run, 3);
  EXPECT_THAT(resources_of(run), ElementsAre(std::nullopt));
}

TEST(FailedCall, OpensNothing) {
  Timeline run;
  creates(run, 3, 11 /* EAGAIN */);
  EXPECT_THAT(effects_of(run), IsEmpty());
}

TEST(FailedCall, ANullHandleIsNone) {
  Timeline run;
  run.calls("connect", "crypto", {"connection.open"}).returns(0);
  EXPECT_THAT(effects_of(run), IsEmpty());
  run.calls("connect", "crypto", {"connection.open"}).returns(0x5000);
  EXPECT_THAT(effects_of(run), ElementsAre("0 connection.open"));
}

TEST(FailedCall, HasNoEffectWhereThePackSaysWhatSuccessIs) {
  Timeline run;
  run.calls("set_allocator", "crypto", {"allocator.set"}).returns(0);
  EXPECT_THAT(effects_of(run), IsEmpty());
  run.calls("set_allocator", "crypto", {"allocator.set"}).returns(std::int64_t{0x700000001}); // eax is 1
  EXPECT_THAT(effects_of(run), ElementsAre("0 allocator.set"));
}

TEST(FailedCall, HasTheEffectsOfAFailure) {
  Timeline run;
  run.calls("set_allocator", "crypto", {"allocator.set", "allocator.refused"}).returns(1);
  EXPECT_THAT(effects_of(run), ElementsAre("0 allocator.set"));
  run.calls("set_allocator", "crypto", {"allocator.set", "allocator.refused"}).returns(0);
  EXPECT_THAT(effects_of(run), ElementsAre("0 allocator.set", "0 allocator.refused"));
}

TEST(FailedCall, ACallWhoseResultIsNotKnownCounts) {
  Timeline run;
  run.calls("set_allocator", "crypto", {"allocator.set"});
  EXPECT_THAT(effects_of(run), ElementsAre("0 allocator.set"));
  run.returns(std::nullopt);
  EXPECT_THAT(effects_of(run), ElementsAre("0 allocator.set"));
}

TEST(OwnCall, OfALibrarysObjectHasAnotherMeaningToo) {
  Timeline run;
  run.calls("key_create", "threads", {"tsd.key.create"});
  run.from({frame("libc.so.6", "key_create"), frame("libcrypto.so.3", "err_state")}).returns(0, {{"key", 3}});
  run.calls("key_create", "threads", {"tsd.key.create"});
  run.from({frame("libc.so.6", "key_create"), frame("libpython3.so", "tss_create")}).returns(0, {{"key", 4}});
  EXPECT_THAT(effects_of(run), ElementsAre("0 crypto.key.create", "0 tsd.key.create", "0 tsd.key.create"));
  EXPECT_THAT(resources_of(run), ElementsAre(1, 1, 2));
}

} // namespace initorder::trace
