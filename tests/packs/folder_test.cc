// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Packs together: what they say of each other.
#include "tests/packs/pack_files.h"

#include <unistd.h>

namespace initorder {

class PackFolder : public PackFiles {
protected:
  PackFolder() {
    write("hosts/server.yaml", kHost);
    write("libraries/small.yaml", kLibrary);
    write("checks/too-early.yaml", kCheck);
  }
  /// The text with the first `from` replaced.
  static std::string changed(std::string text, const std::string &from, const std::string &to) {
    return text.replace(text.find(from), from.size(), to);
  }
};

TEST_F(PackFolder, AllThreeKindsAreLoaded) {
  const auto packs = load_packs(folder());
  ASSERT_TRUE(packs.has_value()) << error_of(packs);
  EXPECT_THAT(packs->hosts, SizeIs(1));
  EXPECT_THAT(packs->libraries, SizeIs(1));
  EXPECT_THAT(packs->checks, SizeIs(1));
  EXPECT_EQ(packs->hosts[0].file, (folder() / "hosts/server.yaml").string());
}

TEST_F(PackFolder, ChecksAreSortedById) {
  write("checks/a.yaml", changed(kCheck, "too-early", "a"));
  write("checks/z.yaml", changed(kCheck, "too-early", "z"));
  const auto packs = load_packs(folder());
  ASSERT_TRUE(packs.has_value()) << error_of(packs);
  std::vector<std::string> ids;
  for (const Check &check : packs->checks)
    ids.push_back(check.id);
  EXPECT_THAT(ids, ElementsAre("a", "too-early", "z"));
}

TEST_F(PackFolder, OtherFilesAreLeftAlone) {
  write("hosts/README.md", "not: [yaml");
  write("hosts/.server.yaml.swp.yaml", "not: [yaml");
  EXPECT_EQ(error_of(load_packs(folder())), "no error");
}

TEST_F(PackFolder, APhaseThatNoHostHas) {
  write("checks/too-early.yaml", changed(kCheck, "phases: [start]", "phases: [strat]"));
  const auto packs = load_packs(folder());
  EXPECT_EQ(error_of(packs), "checks/too-early.yaml:7:41: no host has a phase 'strat'; nearest known: 'start', 'work'");
  EXPECT_EQ(packs.error().kind, Error::Kind::unknown);
}

TEST_F(PackFolder, AMilestoneThatNoHostHas) {
  write("checks/too-early.yaml", changed(kCheck, "before: ready", "after: steady"));
  EXPECT_EQ(error_of(load_packs(folder())),
            "checks/too-early.yaml:7:56: no host has a milestone 'steady'; nearest known: 'ready'");
}

TEST_F(PackFolder, AnEffectThatNothingHas) {
  write("checks/too-early.yaml", changed(kCheck, "[set-up]", "[setup]"));
  EXPECT_EQ(error_of(load_packs(folder())),
            "checks/too-early.yaml:7:23: no function has the effect 'setup'; nearest known: 'set-up'");
}

TEST_F(PackFolder, ACompanionsNamesAreLookedUpToo) {
  write("checks/too-early.yaml", changed(kCheck, "    says:", "    needs: [{effects: [tear-down]}]\n    says:"));
  EXPECT_EQ(error_of(load_packs(folder())),
            "checks/too-early.yaml:8:24: no function has the effect 'tear-down'; nearest known: 'set-up'");
}

TEST_F(PackFolder, AnEffectMayComeFromLoadingALibraryOrFromTheHost) {
  write("checks/too-early.yaml", changed(kCheck, "[set-up]", "[loaded, hosted]"));
  write("libraries/big.yaml", "library: big\nabout: b\non-load: [{links: big, effect: loaded, source: s}]\n");
  write("hosts/server.yaml", kHost + "functions: [{name: f, effects: [{effect: hosted}], source: s}]\n");
  EXPECT_EQ(error_of(load_packs(folder())), "no error");
}

TEST_F(PackFolder, AMilestonesEffectMustBeKnown) {
  write("hosts/server.yaml", changed(kHost, "effect: set-up", "effect: setup"));
  EXPECT_EQ(error_of(load_packs(folder())),
            "hosts/server.yaml:12:29: no function has the effect 'setup'; nearest known: 'set-up'");
}

TEST_F(PackFolder, TwoLibrariesOfOneName) {
  write("libraries/tiny.yaml", kLibrary);
  EXPECT_EQ(error_of(load_packs(folder())), "libraries/tiny.yaml: a second library 'small'; the first is " +
                                                folder().string() + "/libraries/small.yaml");
}

TEST_F(PackFolder, NoSuchFolderAndNoPacks) {
  EXPECT_EQ(error_of(load_packs(folder() / "none")), "none: no such folder");
  EXPECT_EQ(error_of(load_packs(folder() / "hosts/server.yaml")), "hosts/server.yaml: not a folder");
  EXPECT_EQ(error_of(load_packs(folder() / "hosts")),
            "hosts: no packs here: expected hosts/*.yaml, libraries/*.yaml and checks/*.yaml");
}

TEST_F(PackFolder, AFolderThatMayNotBeListed) {
  if (geteuid() == 0)
    GTEST_SKIP() << "root may list everything";
  std::filesystem::permissions(folder() / "checks", std::filesystem::perms::none);
  const auto packs = load_packs(folder());
  std::filesystem::permissions(folder() / "checks", std::filesystem::perms::owner_all);
  EXPECT_EQ(error_of(packs), "checks: no permission to list it");
  EXPECT_EQ(packs.error().kind, Error::Kind::denied);
}

} // namespace initorder
