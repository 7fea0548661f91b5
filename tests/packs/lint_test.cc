// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/lint.h"

#include "tests/packs/pack_files.h"

namespace initorder {

class Lint : public PackFiles {
protected:
  Lint() {
    EXPECT_TRUE(put_pack(others, write("others/server.yaml", kHost)));
    EXPECT_TRUE(put_pack(others, write("others/small.yaml", kLibrary)));
  }
  /// "x.yaml:1:2: error: what", with the test's folder taken out.
  std::vector<std::string> remarks(const std::string &file, const std::string &text) const {
    std::vector<std::string> out;
    for (const Remark &remark : lint(others, {write(file, text)})) {
      const char *severity = remark.severity == Severity::error     ? ": error: "
                             : remark.severity == Severity::warning ? ": warning: "
                                                                    : ": note: ";
      out.push_back(remark.where.substr(folder().string().size() + 1) + severity + remark.what);
    }
    return out;
  }
  Packs others;
};

const std::string kRule = R"yaml(id: early
title: "t"
why: "w"
fix: "f"
example: "set_up();"
sources: ["s"]
patterns:
  - {match: {effects: [set-up], phases: [start]}, says: "'{call}'"}
)yaml";

TEST_F(Lint, AGoodRuleHasNoRemarks) { EXPECT_THAT(remarks("early.yaml", kRule), IsEmpty()); }

TEST_F(Lint, EveryMistakeIsToldAndNoneTwice) {
  EXPECT_THAT(remarks("big.yaml", R"yaml(library: big
about: "b"
functions:
  - {name: a, effects: [{effct: x}], source: "s"}
  - {name: b, runs: [{argument: -1}], source: "s"}
  - {name: c, opaque: true}
)yaml"),
              ElementsAre(HasSubstr("big.yaml:4:26: error: unknown key 'effct'"),
                          HasSubstr("big.yaml:5:33: error: number out of range"),
                          "big.yaml:6:5: error: a function lacks 'source'"));
}

TEST_F(Lint, NamesThatNobodyDefinesAreAllTold) {
  std::string rule = kRule;
  rule.replace(rule.find("set-up"), 6, "sit-up").replace(rule.find("[start]"), 7, "[strat]");
  EXPECT_THAT(remarks("early.yaml", rule),
              ::testing::Contains(HasSubstr("no function has the effect 'sit-up'; nearest known: 'set-up'")));
  EXPECT_THAT(remarks("early.yaml", rule), ::testing::Contains(HasSubstr("no host has a phase 'strat'")));
}

TEST_F(Lint, ARuleWithoutAnExample) {
  std::string rule = kRule;
  rule.erase(rule.find("example"), rule.find("sources") - rule.find("example"));
  EXPECT_THAT(remarks("early.yaml", rule),
              ElementsAre("early.yaml: warning: no 'example': a few lines of C that break the rule"));
}

TEST_F(Lint, AFunctionOfWhichNothingIsSaid) {
  EXPECT_THAT(remarks("big.yaml", "library: big\nabout: b\nfunctions:\n  - {name: a, source: s}\n"),
              ElementsAre(HasSubstr("big.yaml:4: warning: nothing is said of 'a'")));
}

TEST_F(Lint, AnEffectThatNobodyAsksFor) {
  EXPECT_THAT(remarks("big.yaml", "library: big\nabout: b\nfunctions:\n  - {name: a, effects: [{effect: e}], source: s}\n"),
              ElementsAre("big.yaml:4: note: no rule asks for the effect 'e'"));
}

TEST_F(Lint, AHostThatNeverForks) {
  EXPECT_THAT(remarks("server.yaml", kHost),
              ::testing::Contains("server.yaml: warning: no phase has 'fork: true': nothing is before a fork"));
}

} // namespace initorder
