// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/only.h"

#include <gmock/gmock.h>

#include <fstream>

#include <unistd.h>

using namespace initorder;
namespace fs = std::filesystem;
using testing::ElementsAre;

static Event event_through(const std::string &file) {
  Event event;
  event.site = {"lib/db.c", 3, 0};
  event.path = {{{"main.c", 1, 0}, "main", ""}, {{file, 2, 0}, "mod_init", ""}, {event.site, "connect", ""}};
  return event;
}

static Finding finding_through(const std::vector<std::string> &files) {
  Finding finding;
  finding.site = {"lib/db.c", 3, 0};
  for (const std::string &file : files)
    finding.events.push_back(event_through(file));
  return finding;
}

TEST(Only, KeepsWhatAPathPassesThrough) {
  std::vector<Finding> findings = {finding_through({"modules/acc/acc.c"}), finding_through({"modules/tls/tls.c"})};
  keep_only(findings, {{"modules/tls"}});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].events[0].path[1].at.file, "modules/tls/tls.c");
}

TEST(Only, AFolderIsNotThePrefixOfAName) {
  std::vector<Finding> findings = {finding_through({"modules/tls_wolfssl/tls.c"})};
  keep_only(findings, {{"modules/tls"}});
  EXPECT_TRUE(findings.empty());
}

TEST(Only, KeepsWhatStandsThereOrIsRelated) {
  std::vector<Finding> findings = {finding_through({"a.c"}), finding_through({"b.c"})};
  findings[1].related = {event_through("modules/tls/tls.c")};
  std::vector<Finding> by_site = findings;
  keep_only(by_site, {{"lib"}});
  EXPECT_EQ(by_site.size(), 2u);
  keep_only(findings, {{"modules/tls"}});
  EXPECT_EQ(findings.size(), 1u);
}

TEST(Only, TheEventsThatWereAskedForComeFirst) {
  std::vector<Finding> findings = {finding_through({"modules/acc/a.c", "modules/tls/t.c", "modules/x/x.c"})};
  keep_only(findings, {{"modules/tls"}});
  ASSERT_EQ(findings[0].events.size(), 3u);
  EXPECT_EQ(findings[0].events[0].path[1].at.file, "modules/tls/t.c");
  EXPECT_EQ(findings[0].events[1].path[1].at.file, "modules/acc/a.c");
}

TEST(Only, NoFolderKeepsAll) {
  std::vector<Finding> findings = {finding_through({"a.c"})};
  keep_only(findings, {});
  EXPECT_EQ(findings.size(), 1u);
}

class OnlyIn : public testing::Test {
protected:
  OnlyIn() {
    fs::create_directories(tree_ / "modules/tls");
    std::ofstream(tree_ / "modules/tls/tls.c") << "\n";
    fs::create_directory_symlink("tree", top_ / "link");
  }
  ~OnlyIn() override { fs::remove_all(top_); }

  const fs::path top_ = fs::temp_directory_path() / ("only_test." + std::to_string(::getpid()));
  const fs::path tree_ = top_ / "tree";
};

TEST_F(OnlyIn, AFolderIsSpelledAsPlacesSpellIt) {
  for (const std::string &folder : {std::string("modules/tls"), std::string("./modules//tls/"),
                                    (tree_ / "modules/tls").string(), (top_ / "link/modules/tls").string()}) {
    const Result<Only> only = only_in(tree_, {folder});
    ASSERT_TRUE(only) << folder;
    EXPECT_THAT(only.value().folders, ElementsAre("modules/tls")) << folder;
  }
  EXPECT_THAT(only_in(tree_ / ".", {"modules/tls/tls.c"}).value().folders, ElementsAre("modules/tls/tls.c"));
  EXPECT_THAT(only_in(tree_, {"."}).value().folders, ElementsAre("."));
}

TEST_F(OnlyIn, WhatIsNotInTheTreeIsAnError) {
  EXPECT_EQ(only_in(tree_, {"modules/nix"}).error().kind, Error::Kind::gone);
  EXPECT_EQ(only_in(tree_, {".."}).error().kind, Error::Kind::gone);
  EXPECT_EQ(only_in(tree_, {"/usr"}).error().kind, Error::Kind::gone);
}
