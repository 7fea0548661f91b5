// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/prepass/prepass.h"
#include "tests/analyzer/temporary_folder.h"

#include <gmock/gmock.h>

using namespace initorder;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

namespace {

/// A tree of files in memory of the test: the core and modules a and b.
class RuleOut : public testing::Test {
protected:
  void file(const std::string &relative, const std::string &text) {
    SourceFile file{folder_.write(relative, text), relative, 0};
    for (unsigned unit = 1; unit < tree_.units.size(); ++unit)
      if (relative.starts_with(tree_.units[unit].folder + "/"))
        file.unit = unit;
    (relative.ends_with(".h") ? tree_.headers : tree_.files).push_back(file);
  }

  std::vector<std::string> kept() {
    kept_ = rule_out(tree_, seeds_, 1);
    std::vector<std::string> out;
    for (const unsigned index : kept_.files)
      out.push_back(tree_.files[index].relative);
    return out;
  }

  void SetUp() override {
    tree_.root = folder_.path();
    tree_.units = {{"core", "", {}}, {"a", "modules/a", {}}, {"b", "modules/b", {}}};
    seeds_.names = {"RAND_bytes"};
    seeds_.fields = {"init"};
  }

  TemporaryFolder folder_;
  SourceTree tree_;
  Seeds seeds_;
  Kept kept_;
};

} // namespace

TEST_F(RuleOut, AFileWithoutASeedGoes) {
  file("modules/a/a.c", "int f(void) { return RAND_bytes(b, 1); }\n");
  file("modules/b/b.c", "int f(void) { return rand(); }\n");
  EXPECT_THAT(kept(), ElementsAre("modules/a/a.c"));
}

TEST_F(RuleOut, CallersOfCallersStay) {
  file("modules/a/a.c", "int mod_init(void) { return middle(); }\n");
  file("modules/a/low.c", "int low(void) { return RAND_bytes(b, 1); }\n");
  file("modules/a/middle.c", "int middle(void) { return low(); }\n");
  file("modules/a/other.c", "int other(void) { return 0; }\n");
  EXPECT_THAT(kept(), ElementsAre("modules/a/a.c", "modules/a/low.c", "modules/a/middle.c"));
}

TEST_F(RuleOut, AModulesNamesAreItsOwn) {
  file("modules/a/a.c", "static int prepare(void) { return RAND_bytes(b, 1); }\n");
  file("modules/b/b.c", "static int prepare(void) { return 0; }\nint mod_init(void) { return prepare(); }\n");
  EXPECT_THAT(kept(), ElementsAre("modules/a/a.c"));
}

TEST_F(RuleOut, TheCoresNamesAreEverybodys) {
  file("core/secret.c", "int core_secret(void) { return RAND_bytes(b, 1); }\n");
  file("modules/b/b.c", "int mod_init(void) { return core_secret(); }\n");
  EXPECT_THAT(kept(), ElementsAre("core/secret.c", "modules/b/b.c"));
}

TEST_F(RuleOut, AHeadersFunctionIsReadWhereASeedCanBeReached) {
  file("core/inl.h", "static inline int draw(void) { return RAND_bytes(b, 1); }\n"
                     "static inline int idle(void) { return 0; }\n");
  file("modules/a/a.c", "int mod_init(void) { return draw(); }\n");
  file("modules/b/b.c", "int mod_init(void) { return idle(); }\n");
  EXPECT_THAT(kept(), ElementsAre("modules/a/a.c"));
  EXPECT_THAT(kept_.header_functions, Contains("draw"));
  EXPECT_THAT(kept_.header_functions, Not(Contains("idle")));
}

TEST_F(RuleOut, ACallThroughAFieldCounts) {
  file("modules/a/a.c", "int mod_init(void) { return dbf.init(url) != 0; }\n");
  file("modules/b/b.c", "int init;\nint mod_init(void) { return init; }\n");
  EXPECT_THAT(kept(), ElementsAre("modules/a/a.c"));
}

TEST_F(RuleOut, AFunctionThatIsPutIntoAFieldIsReachedThroughIt) {
  file("modules/a/a.c", "int draw(void) { return RAND_bytes(b, 1); }\n"
                        "int bind(api_t *api) { api->fresh = draw; return 0; }\n");
  file("modules/a/user.c", "int mod_init(void) { return api.fresh(); }\n");
  EXPECT_THAT(kept(), ElementsAre("modules/a/a.c", "modules/a/user.c"));
}

TEST_F(RuleOut, AMacroThatCallsASeedCounts) {
  file("core/fill.h", "#define FILL(x) RAND_bytes(x, 1)\n");
  file("modules/a/a.c", "int mod_init(void) { return FILL(b); }\n");
  EXPECT_THAT(kept(), ElementsAre("modules/a/a.c"));
}

TEST_F(RuleOut, ATableThatNamesASeedCounts) {
  file("modules/a/a.c", "static struct job jobs[] = {{\"draw\", RAND_bytes}};\n");
  EXPECT_THAT(kept(), ElementsAre("modules/a/a.c"));
}

TEST_F(RuleOut, AStaticFunctionOfTheCoreIsItsFilesOwn) {
  file("core/a.c", "static int prepare(void) { return RAND_bytes(b, 1); }\nint open_a(void) { return prepare(); }\n");
  file("core/b.c", "int prepare_b(void) { return prepare(); }\n");
  file("modules/a/a.c", "int mod_init(void) { return open_a(); }\n");
  EXPECT_THAT(kept(), ElementsAre("core/a.c", "modules/a/a.c"));
}

TEST_F(RuleOut, AStaticFunctionIsSeenByWhoIncludesItsFile) {
  file("core/a.c", "static int prepare(void) { return RAND_bytes(b, 1); }\n");
  file("core/b.c", "#include \"../core/a.c\"\nint prepare_b(void) { return prepare(); }\n");
  EXPECT_THAT(kept(), ElementsAre("core/a.c", "core/b.c"));
}

TEST_F(RuleOut, ALocalHidesAFunctionUnlessSomethingOfItsNameIsCalled) {
  file("core/draw.c", "int draw(void) { return RAND_bytes(b, 1); }\n");
  file("modules/a/a.c", "int f(int draw) { return draw + 1; }\nint g(void) { str draw; return use(&draw); }\n");
  file("modules/b/b.c", "int f(void) { { int draw = 1; use(draw); } return draw(); }\n");
  EXPECT_THAT(kept(), ElementsAre("core/draw.c", "modules/b/b.c"));
}

TEST_F(RuleOut, AMacroThatReadsAFieldCallsNothing) {
  file("core/fields.h", "#define RESET(x) (x)->init = 0\n#define START(x) (x)->init(0)\n#define STARTER(x) ((x)->init)\n");
  file("modules/a/a.c", "int reset(void) { return RESET(t); }\n");
  file("modules/a/b.c", "int f(void) { return START(t); }\n");
  file("modules/b/b.c", "int f(void) { return STARTER(t)(0); }\n");
  EXPECT_THAT(kept(), ElementsAre("modules/a/b.c", "modules/b/b.c"));
}

TEST_F(RuleOut, ABraceInTheFirstColumnNeedNotBeTheEnd) {
  file("modules/a/a.c", "int draw(void) {\nwhile(x) {\n}\nif(y) { return RAND_bytes(b, 1); }\n}\n");
  file("modules/a/user.c", "int mod_init(void) { return draw(); }\n");
  EXPECT_THAT(kept(), ElementsAre("modules/a/a.c", "modules/a/user.c"));
}

TEST_F(RuleOut, NoFilesNoTrouble) { EXPECT_THAT(kept(), IsEmpty()); }

TEST_F(RuleOut, AHelperThatDecidesStays) {
  seeds_.deciders = {"process_no"};
  file("modules/a/a.c", "int f(int rank) { return is_main(rank) && mine() ? RAND_bytes(b, 1) : size(); }\n");
  file("core/ranks.c", "int is_main(int rank) { return first(rank) || rank == 0; }\n");
  file("core/first.c", "int first(int rank) { return rank == 1; }\n");
  file("core/mine.c", "int mine(void) { return process_no == 0; }\n");
  file("core/size.c", "int size(void) { return 4; }\n");
  file("core/unused.c", "int unused(int rank) { return rank == 0; }\n");
  file("modules/b/b.c", "int is_main(int rank) { return 1; }\n");
  EXPECT_THAT(kept(), ElementsAre("modules/a/a.c", "core/ranks.c", "core/first.c", "core/mine.c"));
}
