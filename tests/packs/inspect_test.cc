// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/packs/pack_files.h"

namespace initorder {

class InspectHints : public PackFiles {
protected:
  std::string error_of(const std::string &part) {
    return PackFiles::error_of(load_library_pack(write("l.yaml", "library: l\nabout: a\n" + part)));
  }
};

TEST_F(InspectHints, AValueIsKnownByItsKeyOrByItsLook) {
  const auto pack = load_library_pack(write("l.yaml", R"yaml(library: l
about: a
thread-values:
  - {name: state, key: {passed-to: get, in: [f, g], offset: 4}, kept: {mark: 16}, source: s}
  - {name: list, key: {destructor: own}, source: s}
  - {name: generator, looks-like: {follow: [0, 16], texts: [CTR]}, source: s}
states:
  - {state: value-shared, effect: l.shared, why: w, source: s}
)yaml"));
  ASSERT_TRUE(pack.has_value()) << pack.error().text();
  const ThreadValue &state = pack->thread_values.at(0);
  EXPECT_EQ(state.passed_to, "get");
  EXPECT_THAT(state.in, ElementsAre("f", "g"));
  EXPECT_EQ(state.offset, 4u);
  EXPECT_EQ(state.mark, 16u);
  EXPECT_TRUE(pack->thread_values.at(1).own_destructor);
  EXPECT_THAT(pack->thread_values.at(2).follow, ElementsAre(0u, 16u));
  EXPECT_EQ(pack->states.at(0).effect, "l.shared");
}

TEST_F(InspectHints, ALockOfTheLibrarysOwn) {
  const auto pack = load_library_pack(write("l.yaml", R"yaml(library: l
about: a
locks:
  - {name: GIL, objects: [libl2], variable: state, offset: 360, condition: 32, locked: 16, changes: 24, holder: [8, 152], source: s}
)yaml"));
  ASSERT_TRUE(pack.has_value()) << pack.error().text();
  const LibraryLock &lock = pack->locks.at(0);
  EXPECT_THAT(lock.objects, ElementsAre("libl2"));
  EXPECT_EQ(lock.variable, "state");
  EXPECT_EQ(lock.offset, 360u);
  EXPECT_EQ(lock.condition, 32u);
  EXPECT_EQ(lock.locked, 16u);
  EXPECT_EQ(lock.changes, 24u);
  EXPECT_THAT(lock.holder, ElementsAre(8u, 152u));
}

TEST_F(InspectHints, Mistakes) {
  EXPECT_EQ(error_of("locks:\n  - {name: n, objects: [o], variable: v, offset: 0, condition: 8, changes: 4, holder: [8], source: s}\n"),
            "l.yaml:4:5: a lock lacks 'locked'");
  EXPECT_EQ(error_of("locks:\n  - {name: n, objects: [o], variable: v, offset: 0, condition: 8, locked: 4, changes: 8, source: s}\n"),
            "l.yaml:4:5: a lock lacks 'holder', the offsets that lead to the thread that has it");

  EXPECT_EQ(error_of("thread-values:\n  - {name: n, source: s}\n"),
            "l.yaml:4:5: a thread value needs 'key' or 'looks-like'");
  EXPECT_EQ(error_of("thread-values:\n  - {name: n, source: s, key: {destructor: mine}}\n"),
            "l.yaml:4:44: 'mine' is not a destructor: one of own");
  EXPECT_EQ(error_of("thread-values:\n  - {name: n, source: s, kept: {}, key: {destructor: own}}\n"),
            "l.yaml:4:32: a kept value lacks 'mark'");
  EXPECT_EQ(error_of("states:\n  - {state: odd, effect: e, why: w, source: s}\n").substr(0, 37),
            "l.yaml:4:13: 'odd' is not a state: on");
}

TEST_F(InspectHints, ARuleMayAskForAStatesEffect) {
  EXPECT_EQ(error_of("states:\n  - {state: lock-cycle, effect: e, why: w, source: s}\n"), "no error");
}

} // namespace initorder
