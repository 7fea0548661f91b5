// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/packs/pack_files.h"

namespace initorder {

using LibraryFile = PackFiles;

TEST_F(LibraryFile, AllKeysAreRead) {
  const auto pack = load_library_pack(write("l.yaml", R"yaml(library: small
about: "a small library"
headers:
  - {header: small.h, defines: [SMALL=1, 'NAME="x"']}
functions:
  - names: [make, make_all]
    effects:
      - effect: tsd.set
        when: [{argument: 1, is-not: [0]}, {argument: 2, is: [-3, 0x10]}]
        why: "keeps it"
    runs: [{argument: 2, with: [3, 4], when: at-fork-child}, {argument: 0}]
    resource: {opens: pointed-to-by-argument 1}
    source: "small(3)"
  - {name: stop, never-returns: true, opaque: true, forks: true, source: "stop(3)"}
on-load:
  - {links: big, effect: thread.start, why: "runs", source: "big(3)"}
)yaml"));
  ASSERT_TRUE(pack.has_value()) << error_of(pack);
  EXPECT_EQ(pack->name, "small");
  EXPECT_EQ(pack->headers.at(0).header, "small.h");
  EXPECT_THAT(pack->headers[0].defines, ElementsAre("SMALL=1", "NAME=\"x\""));
  ASSERT_THAT(pack->functions, SizeIs(3));
  EXPECT_EQ(pack->functions[0].name, "make");

  // Both names have the same content.
  const LibraryFunction &make_all = pack->functions[1];
  EXPECT_EQ(make_all.name, "make_all");
  EXPECT_EQ(make_all.line, 6u);
  EXPECT_EQ(make_all.effects.at(0).why, "keeps it");
  EXPECT_THAT(make_all.effects[0].when.at(0).is_not, ElementsAre(0));
  EXPECT_THAT(make_all.effects[0].when.at(1).is, ElementsAre(-3, 16));
  EXPECT_EQ(make_all.runs.at(0).when, RunsCallback::When::at_fork_child);
  EXPECT_THAT(make_all.runs[0].with, ElementsAre(3, 4));
  EXPECT_EQ(make_all.runs.at(1).when, RunsCallback::When::now);
  ASSERT_TRUE(make_all.resource);
  EXPECT_EQ(make_all.resource->in, ResourceRef::In::pointed_to_by_argument);
  EXPECT_EQ(make_all.resource->argument, 1u);
  EXPECT_FALSE(make_all.resource->closes);

  const LibraryFunction &stop = pack->functions[2];
  EXPECT_TRUE(stop.never_returns && stop.opaque && stop.forks);
  EXPECT_EQ(pack->on_load.at(0).link_library, "big");
}

TEST_F(LibraryFile, EachTimeACallbackRunsHasItsWord) {
  using When = RunsCallback::When;
  const auto pack = load_library_pack(write("l.yaml", R"yaml(library: l
about: "l"
functions:
  - name: f
    runs: [{argument: 0, when: now}, {argument: 0, when: now-in-thread}, {argument: 0, when: at-fork-prepare},
           {argument: 0, when: at-fork-parent}, {argument: 0, when: at-fork-child}, {argument: 0, when: at-exit}]
    source: "f(3)"
)yaml"));
  ASSERT_TRUE(pack.has_value()) << error_of(pack);
  std::vector<When> times;
  for (const RunsCallback &runs : pack->functions.at(0).runs)
    times.push_back(runs.when);
  EXPECT_THAT(times, ElementsAre(When::now, When::now_in_thread, When::at_fork_parent_before, When::at_fork_parent,
                                 When::at_fork_child, When::at_exit));
}

/// A pack with one function whose content (from line 4, column 5) is given.
class FunctionMistake : public PackFiles {
protected:
  std::string error_of_function(const std::string &content) const {
    return error_of(load_library_pack(write("l.yaml", "library: l\nabout: \"l\"\nfunctions:\n  - " + content + "\n")));
  }
};

TEST_F(FunctionMistake, NameOrNamesButNotBoth) {
  EXPECT_EQ(error_of_function("{name: f, source: s}"), "no error");
  EXPECT_EQ(error_of_function("{names: [f], source: s}"), "no error");
  EXPECT_EQ(error_of_function("{source: s}"), "l.yaml:4:5: a function needs either 'name' or 'names'");
  EXPECT_EQ(error_of_function("{name: f, names: [g], source: s}"),
            "l.yaml:4:5: a function needs either 'name' or 'names'");
}

TEST_F(FunctionMistake, ANameThatIsThereAlready) {
  EXPECT_EQ(error_of_function("{names: [f, g, f], source: s}"),
            "l.yaml:4:20: a second function 'f'; the first is in line 4");
  EXPECT_EQ(error_of_function("{name: f, source: s}\n  - {name: f, source: s}"),
            "l.yaml:5:12: a second function 'f'; the first is in line 4");
}

TEST_F(FunctionMistake, ASourceMustBeSaid) {
  EXPECT_EQ(error_of_function("{name: f}"), "l.yaml:4:5: a function lacks 'source'");
  EXPECT_EQ(error_of_function("{name: f, source: ''}"), "l.yaml:4:23: 'source' of a function must not be empty");
}

TEST_F(FunctionMistake, ResourcesHaveOneOfThreePlaces) {
  EXPECT_EQ(error_of_function("{name: f, source: s, resource: {closes: argument 2}}"), "no error");
  EXPECT_EQ(error_of_function("{name: f, source: s, resource: {opens: results}}"),
            "l.yaml:4:44: must be 'result', 'argument N' or 'pointed-to-by-argument N'");
  EXPECT_EQ(error_of_function("{name: f, source: s, resource: {opens: argument x}}"),
            "l.yaml:4:44: must be a whole number");
  EXPECT_EQ(error_of_function("{name: f, source: s, resource: {opens: argument 127}}"),
            "l.yaml:4:44: number out of range: must be from 0 to 126");
  EXPECT_EQ(error_of_function("{name: f, source: s, resource: {opens: result, closes: result}}"),
            "l.yaml:4:36: a resource needs either 'opens' or 'closes' or 'uses'");
}

TEST_F(FunctionMistake, WhatACallUsesIsNeitherOpenedNorClosed) {
  const auto pack =
      load_library_pack(write("u.yaml", "library: l\nabout: a\nfunctions:\n"
                                        "  - {name: f, source: s, resource: {uses: argument 1}, success: -1}\n"));
  ASSERT_TRUE(pack.has_value()) << pack.error().text();
  const LibraryFunction &function = pack->functions.at(0);
  EXPECT_FALSE(function.resource.has_value());
  ASSERT_TRUE(function.uses.has_value());
  EXPECT_EQ(function.uses->in, ResourceRef::In::argument);
  EXPECT_EQ(function.uses->argument, 1u);
  EXPECT_EQ(function.success, -1);
}

TEST_F(FunctionMistake, ObjectsAndTheirOwnCalls) {
  const auto pack = load_library_pack(write("o.yaml", "library: l\nabout: a\nobjects: [liba, libb]\n"
                                                      "own-calls: [{effect: e, means: l.e, source: s}]\n"));
  ASSERT_TRUE(pack.has_value()) << pack.error().text();
  EXPECT_EQ(pack->objects, (std::vector<std::string>{"liba", "libb"}));
  EXPECT_EQ(pack->own_calls.at(0).effect, "e");
  EXPECT_EQ(pack->own_calls.at(0).means, "l.e");
}

TEST_F(FunctionMistake, ConditionsMustSaySomething) {
  EXPECT_EQ(error_of_function("{name: f, source: s, effects: [{effect: e, when: [{argument: 0}]}]}"),
            "l.yaml:4:55: a condition needs 'is', 'is-not', 'has-bits', 'lacks-bits', 'is-number', 'points-to', 'memory' or "
            "'never-returns'");
  EXPECT_EQ(error_of_function("{name: f, source: s, effects: [{effect: e, when: [{argument: 0, is: []}]}]}"),
            "l.yaml:4:73: 'is' of a condition must not be empty");
}

TEST_F(FunctionMistake, ATimeThatIsNone) {
  EXPECT_EQ(error_of_function("{name: f, source: s, runs: [{argument: 0, when: never}]}"),
            "l.yaml:4:53: 'never' is not a time: one of now, now-in-thread, at-fork-prepare, at-fork-parent, "
            "at-fork-child, at-exit");
}

} // namespace initorder
