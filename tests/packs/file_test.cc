// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What is wrong with a file before anyone asks what it says.
#include "tests/packs/pack_files.h"

#include <sys/stat.h>
#include <unistd.h>

namespace initorder {

using HostileFile = PackFiles;

TEST_F(HostileFile, NoSuchFile) {
  const auto pack = load_library_pack(folder() / "none.yaml");
  EXPECT_EQ(error_of(pack), "none.yaml: no such file");
  EXPECT_EQ(pack.error().kind, Error::Kind::gone);
}

TEST_F(HostileFile, NoPermission) {
  if (geteuid() == 0)
    GTEST_SKIP() << "root may read everything";
  const auto path = write("l.yaml", kLibrary);
  std::filesystem::permissions(path, std::filesystem::perms::none);
  const auto pack = load_library_pack(path);
  EXPECT_EQ(error_of(pack), "l.yaml: no permission to read it");
  EXPECT_EQ(pack.error().kind, Error::Kind::denied);
}

TEST_F(HostileFile, AFolderOrAPipeIsNoFile) {
  std::filesystem::create_directory(folder() / "folder.yaml");
  EXPECT_EQ(error_of(load_library_pack(folder() / "folder.yaml")), "folder.yaml: not a regular file");
  ASSERT_EQ(mkfifo((folder() / "pipe.yaml").c_str(), 0600), 0);
  EXPECT_EQ(error_of(load_library_pack(folder() / "pipe.yaml")), "pipe.yaml: not a regular file");
}

TEST_F(HostileFile, TooLarge) {
  const std::string comment = "#" + std::string(1024 * 1024 - 1 - kLibrary.size(), 'x');
  EXPECT_EQ(error_of(load_library_pack(write("most.yaml", kLibrary + comment))), "no error");
  EXPECT_EQ(error_of(load_library_pack(write("more.yaml", kLibrary + comment + "x"))),
            "more.yaml: larger than 1 MiB: no pack is");
}

TEST_F(HostileFile, NotYaml) {
  EXPECT_EQ(error_of(load_library_pack(write("l.yaml", "library: l\nabout: [a\n"))),
            "l.yaml:3:1: did not find expected ',' or ']'");
  EXPECT_EQ(error_of(load_library_pack(write("l.yaml", "library: l\n  about: a\n"))),
            "l.yaml:2:8: mapping values are not allowed in this context");
}

TEST_F(HostileFile, NotAMap) {
  EXPECT_EQ(error_of(load_library_pack(write("l.yaml", ""))), "l.yaml:1:1: a pack must be a map (key: value)");
  EXPECT_EQ(error_of(load_library_pack(write("l.yaml", "- a\n"))), "l.yaml:1:1: a pack must be a map (key: value)");
}

TEST_F(HostileFile, SecondDocument) {
  EXPECT_EQ(error_of(load_library_pack(write("l.yaml", kLibrary + "---\na: b\n"))),
            "l.yaml:7:1: a pack is one document: remove '---' and what follows");
}

TEST_F(HostileFile, AliasesCouldMultiply) {
  EXPECT_EQ(error_of(load_library_pack(write("l.yaml", "library: &a l\nabout: *a\n"))),
            "l.yaml:2:8: aliases (*name) are not allowed: write the value out");
}

TEST_F(HostileFile, DeepNestingIsRefused) {
  EXPECT_EQ(error_of(load_library_pack(write("l.yaml", "library: " + std::string(99, '[') + std::string(99, ']')))),
            "l.yaml:1:25: nested too deeply: no pack has more than 16 levels");
  // Left open, each bracket could begin a key as well, which counts as one more level.
  EXPECT_THAT(error_of(load_library_pack(write("l.yaml", "library: " + std::string(500'000, '[')))),
              HasSubstr("nested too deeply"));
}

TEST_F(HostileFile, ManyNamesTimesManyEffectsAreRefused) {
  std::string text = "library: l\nabout: l\nfunctions:\n  - names: [f";
  for (int i = 0; i < 20'000; ++i)
    text += ", f" + std::to_string(i);
  text += "]\n    effects: [{effect: e}";
  for (int i = 0; i < 20'000; ++i)
    text += ", {effect: e}";
  EXPECT_EQ(error_of(load_library_pack(write("l.yaml", text + "]\n    source: s\n"))),
            "l.yaml:4:5: too many names with too much to say of each");
}

TEST_F(HostileFile, ControlCharactersAreShownEscapedAndLongNamesCut) {
  EXPECT_THAT(error_of(load_library_pack(write("l.yaml", "\"a\\nb\\e[31m\": 1\n"))),
              HasSubstr("l.yaml:1:1: unknown key 'a\\x0ab\\x1b[31m' in a library"));
  EXPECT_THAT(error_of(load_library_pack(write("l.yaml", std::string(200, 'k') + ": 1\n"))),
              HasSubstr("'" + std::string(60, 'k') + "...'"));
}

} // namespace initorder
