// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/tree/makefile.h"
#include "tests/analyzer/temporary_folder.h"

#include <gmock/gmock.h>

using namespace initorder;
using testing::ElementsAre;
using testing::IsEmpty;

static MakefileFacts read(const std::string &text) {
  const TemporaryFolder folder;
  return read_makefile(folder.write("Makefile", text), "modules/m/Makefile");
}

static std::vector<std::string> libraries(const std::string &text) {
  std::vector<std::string> out;
  for (const MakefileFacts::Library &library : read(text).libraries)
    out.push_back(library.name);
  return out;
}

TEST(Makefile, LibrariesHaveTheirPlace) {
  const MakefileFacts facts = read("NAME=m.so\nLIBS += -lm -lcurl\n");
  ASSERT_EQ(facts.libraries.size(), 2u);
  EXPECT_EQ(facts.libraries[1].name, "curl");
  EXPECT_EQ(facts.libraries[1].at, (SourcePlace{"modules/m/Makefile", 2, 13}));
}

TEST(Makefile, EveryAssignmentAddsLibraries) {
  EXPECT_THAT(libraries("LIBS=-la\nLIBS:=-lb\nLIBS?=-lc\nLIBS += -ld\n  LIBS  +=  -le\n"),
              ElementsAre("a", "b", "c", "d", "e"));
}

TEST(Makefile, OtherVariablesAndCommentsAddNone) {
  EXPECT_THAT(libraries("# LIBS += -la\nMYLIBS = -lb\nLDFLAGS = -lc\nLIBS = -L/lib -ld # -le\n"), ElementsAre("d"));
}

TEST(Makefile, ALineGoesOnAfterABackslash) {
  const MakefileFacts facts = read("LIBS = -la \\\n  -lb \\\n  -lc\n  -ld\n");
  ASSERT_EQ(facts.libraries.size(), 3u);
  EXPECT_EQ(facts.libraries[2].at.line, 3u);
}

TEST(Makefile, WhatMakeWouldFillInIsLeftOut) {
  EXPECT_THAT(libraries("LIBS = $(shell pkg-config --libs x) -l$(NAME) -lz\n"), ElementsAre("z"));
  EXPECT_THAT(read("DEFS += -DA=$(B) -DC\n").flags, ElementsAre("-DC"));
}

TEST(Makefile, DefinesInsideAConditionalAreNotTaken) {
  EXPECT_THAT(read("DEFS += -DA\nifeq ($(X),1)\nDEFS += -DB\nifdef Y\nDEFS += -DC\nendif\nendif\nDEFS += -DD\n").flags,
              ElementsAre("-DA", "-DD"));
}

TEST(Makefile, LibrariesInsideAConditionalAreTaken) {
  EXPECT_THAT(libraries("ifneq ($(X),)\nLIBS = -la\nelse\nLIBS = -lb\nendif\n"), ElementsAre("a", "b"));
}

TEST(Makefile, QuotesAreTheShells) {
  EXPECT_THAT(read("DEFS += '-DA=\"x y\"' -DB=\"c\" -I../inc -O2\n").flags,
              ElementsAre("-DA=\"x y\"", "-DB=\"c\"", "-I../inc"));
}

TEST(Makefile, OneThatIsNotThereIsEmpty) {
  const MakefileFacts facts = read_makefile("/nowhere/Makefile", "Makefile");
  EXPECT_THAT(facts.flags, IsEmpty());
  EXPECT_THAT(facts.libraries, IsEmpty());
}
