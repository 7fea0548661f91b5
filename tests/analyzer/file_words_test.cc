// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/prepass/file_words.h"
#include "tests/analyzer/temporary_folder.h"

#include <gmock/gmock.h>

#include <algorithm>

using namespace initorder;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

static FileWords words_of(const std::string &text) {
  const TemporaryFolder folder;
  return read_words(folder.write("a.c", text));
}

static Definition definition(const FileWords &words, const std::string &name) {
  const auto found = std::find_if(words.definitions.begin(), words.definitions.end(),
                                  [&](const Definition &one) { return one.name == name; });
  return found == words.definitions.end() ? Definition{} : *found;
}

TEST(FileWords, AFunctionMentionsWhatItsBodyNames) {
  const FileWords words =
      words_of("static int f(int a)\n{\n  return g(h, a) + K;\n}\nint after(void) { return f(1); }\n");
  ASSERT_EQ(words.definitions.size(), 2u);
  EXPECT_THAT(definition(words, "f").mentions, testing::IsSupersetOf({"g", "h", "K"}));
  EXPECT_THAT(definition(words, "f").mentions, Not(Contains("a"))); // its own parameter
  EXPECT_THAT(definition(words, "f").calls, ElementsAre("g"));
  EXPECT_THAT(definition(words, "after").calls, ElementsAre("f"));
}

TEST(FileWords, CommentsAndStringsSayNothing) {
  const FileWords words =
      words_of("int f(void) {\n  // RAND_bytes()\n  /* RAND_bytes() */\n  return g(\"RAND_bytes\");\n}\n");
  EXPECT_THAT(definition(words, "f").mentions, Not(Contains("RAND_bytes")));
}

TEST(FileWords, AMacroIsADefinition) {
  const FileWords words = words_of("#define RUN(x) \\\n  do { helper(x); } while (0)\n#include <stdio.h>\nint a;\n");
  EXPECT_THAT(definition(words, "RUN").mentions, Contains("helper"));
  EXPECT_THAT(words.top_level, Not(Contains("stdio")));
}

TEST(FileWords, BothSidesOfAnIfAreRead) {
  const FileWords words = words_of("#ifdef A\nint f(int a) {\n#else\nint f(void) {\n#endif\n  g();\n}\n"
                                   "int h(void) { return i(); }\n");
  EXPECT_THAT(definition(words, "f").mentions, Contains("g"));
  EXPECT_THAT(definition(words, "h").calls, ElementsAre("i"));
}

TEST(FileWords, ACallThroughAFieldIsNotACallByName) {
  const FileWords words = words_of("int f(struct d *d) { return d->init(d) + d->api.close(1); }\n");
  EXPECT_THAT(definition(words, "f").field_calls, ElementsAre("close", "init"));
  EXPECT_THAT(definition(words, "f").calls, IsEmpty());
}

TEST(FileWords, WhoIsGivenWhat) {
  const FileWords words = words_of("static struct d d = {.init = open_it, .close = &close_it};\n"
                                   "int f(struct d *x) { x->query = (q_f)ask; hook = run; n = count(); return 0; }\n");
  EXPECT_THAT(words.field_assignments, testing::UnorderedElementsAre(Pair("init", "open_it"), Pair("close", "close_it"),
                                                                     Pair("query", "ask")));
  EXPECT_THAT(words.variable_assignments, ElementsAre(Pair("hook", "run")));
}

TEST(FileWords, ATableIsAtTheTopLevel) {
  const FileWords words = words_of("struct module_exports exports = {\"x\", mod_init, 0};\n"
                                   "int f(void) { return 0; }\n");
  EXPECT_THAT(words.top_level, Contains("mod_init"));
  EXPECT_EQ(words.definitions.size(), 1u);
}

TEST(FileWords, WhatCannotBeReadHasNone) {
  EXPECT_THAT(read_words("/nowhere/a.c").definitions, IsEmpty());
  EXPECT_THAT(words_of("").top_level, IsEmpty());
  EXPECT_THAT(words_of("int f(void) { if (x) {\n").definitions.size(), 1u); // cut off
}

TEST(FileWords, APlainFunctionTakesAndReturnsNumbers) {
  const FileWords words = words_of("int f(int a) { return a == 1; }\nint g(int *a) { return *a; }\n"
                                   "char *h(int a) { return names[a]; }\nvoid i(int a) { b = a; }\n");
  EXPECT_TRUE(definition(words, "f").plain);
  for (const char *name : {"g", "h", "i"})
    EXPECT_FALSE(definition(words, name).plain) << name;
}
