// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/packs/pack_files.h"

namespace initorder {

using CheckFile = PackFiles;

TEST_F(CheckFile, AllKeysAreRead) {
  const auto check = load_check(write("too-early.yaml", R"yaml(id: too-early
title: "t"
severity: error
why: "w"
fix: "f"
example: |
  int main(void);
sources: ["s"]
patterns:
  - match: {effects: [a, b], process: main, threads: [main, temporary], phases: [p], before-fork: true, before: m}
    needs: [{order: earlier, effects: [c], same-library: true, after: m}]
    unless: [{order: later, effects: [d], same-resource: true}, {effects: [e]}]
    says: "'{call}' too early"
)yaml"));
  ASSERT_TRUE(check.has_value()) << error_of(check);
  EXPECT_EQ(check->severity, Severity::error);
  EXPECT_EQ(check->example, "int main(void);\n");
  const Pattern &pattern = check->patterns.at(0);
  EXPECT_THAT(pattern.match.effects, ElementsAre("a", "b"));
  EXPECT_EQ(pattern.match.process, ProcessRole::main);
  EXPECT_THAT(pattern.match.threads, ElementsAre(ThreadRole::main, ThreadRole::temporary));
  EXPECT_EQ(pattern.match.before_fork, true);
  EXPECT_EQ(pattern.match.before, "m");
  EXPECT_EQ(pattern.needs.at(0).order, Companion::Order::earlier);
  EXPECT_EQ(pattern.needs[0].selector.after, "m");
  EXPECT_TRUE(pattern.needs[0].same_library);
  EXPECT_TRUE(pattern.unless.at(0).same_resource);
  EXPECT_EQ(pattern.unless.at(1).order, Companion::Order::anywhere);
  EXPECT_EQ(pattern.says, "'{call}' too early");
}

TEST_F(CheckFile, TheIdIsTheFilesName) {
  EXPECT_EQ(error_of(load_check(write("too-early.yaml", kCheck))), "no error");
  EXPECT_EQ(error_of(load_check(write("other.yaml", kCheck))),
            "other.yaml:1:5: id 'too-early' must be the file's name without .yaml, 'other'");
}

/// A check with this pattern, from line 7, column 5 on.
class PatternMistake : public PackFiles {
protected:
  std::string error_of_pattern(const std::string &pattern) const {
    return error_of(
        load_check(write("c.yaml", "id: c\ntitle: t\nwhy: w\nfix: f\nsources: [s]\npatterns:\n  - " + pattern + "\n")));
  }
};

TEST_F(PatternMistake, AnUnknownKeyNamesTheNearest) {
  EXPECT_EQ(error_of_pattern("{match: {effects: [e]}, sayz: s}"),
            "c.yaml:7:29: unknown key 'sayz' in a pattern; nearest known: 'says', 'match', 'needs'");
}

TEST_F(PatternMistake, AMissingKey) {
  EXPECT_EQ(error_of_pattern("{match: {effects: [e]}}"), "c.yaml:7:5: a pattern lacks 'says'");
}

TEST_F(PatternMistake, AKeyThatStandsTwice) {
  EXPECT_EQ(error_of_pattern("{match: {effects: [e]}, says: s, says: s}"),
            "c.yaml:7:38: key 'says' stands twice in a pattern");
}

TEST_F(PatternMistake, AValueOfTheWrongKind) {
  EXPECT_EQ(error_of_pattern("{match: [], says: s}"), "c.yaml:7:13: a selector must be a map (key: value)");
  EXPECT_EQ(error_of_pattern("{match: {effects: e}, says: s}"), "c.yaml:7:23: must be a list");
  EXPECT_EQ(error_of_pattern("{match: {effects: [[e]]}, says: s}"), "c.yaml:7:24: must be a text");
  EXPECT_EQ(error_of_pattern("{match: {before-fork: yes}, says: s}"), "c.yaml:7:27: must be true or false");
  EXPECT_EQ(error_of_pattern("{match: {before-fork: 'true'}, says: s}"), "c.yaml:7:27: must be true or false");
}

TEST_F(PatternMistake, AWordThatIsNone) {
  EXPECT_EQ(error_of_pattern("{match: {threads: [mian]}, says: s}"),
            "c.yaml:7:24: 'mian' is not a thread: one of main, temporary, other");
  EXPECT_EQ(error_of_pattern("{match: {process: [main]}, says: s}"),
            "c.yaml:7:23: must be a process: one of main, worker");
}

TEST_F(PatternMistake, AnEmptyListWouldMeanAny) {
  EXPECT_EQ(error_of_pattern("{match: {effects: []}, says: s}"),
            "c.yaml:7:23: 'effects' of a selector must not be empty");
}

TEST_F(PatternMistake, APlaceholderThatStandsForNothing) {
  EXPECT_EQ(error_of_pattern("{match: {effects: [e]}, says: \"{handle}\"}"),
            "c.yaml:7:35: '{handle}' stands for nothing: use {call}, {module}, {phase}, {function}, {effect} or {object}");
}

} // namespace initorder
