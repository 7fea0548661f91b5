// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/deployment/support.h"

namespace initorder::deployment {

TEST_F(SmallServer, InGoodOrderIsClean) {
  EXPECT_THAT(verdict("loadmodule \"guard\"\nloadmodule \"early\"\nloadmodule \"ranks\"\nloadmodule \"switched\"\n"), IsEmpty());
}

TEST_F(SmallServer, ALibraryThatComesBeforeItsGuardIsReported) {
  EXPECT_THAT(verdict("loadmodule \"plain\"\nloadmodule \"early\"\nloadmodule \"guard\"\n"),
              ElementsAre("late-guard early libcry.so.1"));
}

TEST_F(SmallServer, WhatCodeShowsIsAMaybe) {
  EXPECT_THAT(verdict("mode = 0\nloadmodule \"guard\"\nloadmodule \"early\"\n"),
              UnorderedElementsAre("used-before-fork guard cry_use?", "used-before-fork early cry_use?"));
}

TEST_F(SmallServer, ASettingDecidesWhatCodeDoes) {
  EXPECT_THAT(verdict("mode = 1\nloadmodule \"switched\"\n"), IsEmpty()) << "it aborts";
  EXPECT_THAT(verdict("mode = 0\nloadmodule \"switched\"\n"), ElementsAre("used-before-fork switched cry_use?"));
}

TEST_F(SmallServer, AParameterDecidesWhatCodeDoes) {
  const auto with = [&](const std::string &parameter) {
    return verdict("loadmodule \"chosen\"\nmodparam(\"chosen\", " + parameter + ")\n");
  };
  EXPECT_THAT(verdict("loadmodule \"chosen\"\n"), IsEmpty()) << "as the file has it";
  for (const char *used : {"\"mode\", 2", "\"level\", 4", "\"url\", \"x\""})
    EXPECT_THAT(with(used), ElementsAre("used-before-fork chosen cry_use?")) << used;
  for (const char *unused : {"\"mode\", 0", "\"level\", 3", "\"mode\", 2)\nmodparam(\"chosen\", \"mode\", 1"})
    EXPECT_THAT(with(unused), IsEmpty()) << unused;
}

TEST_F(SmallServer, AParameterThatCodeChangesIsNotKnown) {
  const auto asking_for = [&](char variable) {
    return verdict("mode = 3\nloadmodule \"corrected\"\nmodparam(\"corrected\", \"asked\", " + std::string(1, variable) + ")\n");
  };
  EXPECT_THAT(asking_for('0'), IsEmpty()) << "nothing changes this one";
  for (const char variable : std::string("1234567")) // see fixtures/module.c
    EXPECT_THAT(asking_for(variable), ElementsAre("used-before-fork corrected cry_use?")) << variable;
}

TEST_F(SmallServer, OfTwoNamesOfAVariableTheLastStatementCounts) {
  const std::string module = "loadmodule \"chosen\"\n";
  EXPECT_THAT(verdict(module + "modparam(\"chosen\", \"mode\", 2)\n"), ElementsAre("used-before-fork chosen cry_use?"));
  EXPECT_THAT(verdict(module + "modparam(\"chosen\", \"old_mode\", 2)\n"), ElementsAre("used-before-fork chosen cry_use?"));
  EXPECT_THAT(verdict(module + "modparam(\"chosen\", \"old_mode\", 2)\nmodparam(\"chosen\", \"mode\", 0)\n"), IsEmpty());
}

TEST_F(SmallServer, AParameterBelowAConditionThatNobodyCanTellIsNotKnown) {
  EXPECT_THAT(verdict("loadmodule \"chosen\"\n#!ifexp f(1)\nmodparam(\"chosen\", \"mode\", 0)\n#!endif\n"),
              ElementsAre("used-before-fork chosen cry_use?"));
}

TEST_F(SmallServer, WhatIsClosedIsNotKeptAndWhatIsOpenedAnewIs) {
  EXPECT_THAT(verdict("mode = 0\nloadmodule \"closes\"\n"), IsEmpty());
  EXPECT_THAT(verdict("mode = 0\nloadmodule \"keeps\"\n"), ElementsAre("kept-open keeps cry_open?"));
}

TEST_F(SmallServer, WhatACallPassesInATableIsRunInItsPhase) {
  EXPECT_THAT(verdict("mode = 0\nloadmodule \"guard\"\nloadmodule \"tables\"\n"),
              UnorderedElementsAre("used-before-fork guard cry_use?", "used-before-fork tables cry_use?"));
}

TEST_F(SmallServer, TwoVersionsOfALibrary) {
  EXPECT_THAT(verdict("loadmodule \"guard\"\nloadmodule \"late\"\n"), ElementsAre("second late libcry.so.2"));
}

TEST_F(SmallServer, ARuntimeThatStartsThreads) {
  EXPECT_THAT(verdict("loadmodule \"threads\"\nloadmodule \"plain\"\n"), ElementsAre("threads threads libgo.so.1"));
}

TEST_F(SmallServer, AModuleThatIsNotThere) {
  EXPECT_THAT(verdict("loadmodule \"plain\"\nloadmodule \"none\"\n"), ElementsAre("missing none loadmodule none"));
}

TEST_F(SmallServer, BelowAConditionThatNobodyCanTellIsAMaybe) {
  EXPECT_THAT(verdict("#!ifexp f(1)\nloadmodule \"none\"\n#!endif\n"), ElementsAre("missing none loadmodule none?"));
}

TEST_F(SmallServer, ParametersWithoutModuleOrDriver) {
  EXPECT_THAT(verdict("loadmodule \"plain\"\nmodparam(\"plain|ranks\", \"db_url\", \"mysql://u:p@h/d\")\nmodparam(\"pl.*\", "
                      "\"x\", 1)\nmodparam(\"ranks\", \"x\", 1)\nmodparam(\"plain\", \"db_url\", \"\")\nloadmodule \"ranks\"\n"),
              UnorderedElementsAre("driver plain db_mysql", "astray ranks ranks.x"));
}

TEST_F(SmallServer, HintsNameTheLineToMove) {
  EXPECT_THAT(hints("loadmodule \"plain\"\nloadmodule \"early\"\nloadmodule \"guard\"\n"),
              ElementsAre("late-guard: server.cfg:3: move loadmodule \"guard\" before line 2 (loadmodule \"early\")"));
}

TEST_F(SmallServer, HintsNameTheSettingToChange) {
  EXPECT_THAT(hints("loadmodule \"guard\"\nmode = 0\n"), ElementsAre("used-before-fork: server.cfg:2: change this to mode=2"));
  EXPECT_THAT(hints("loadmodule \"guard\"\n"), IsEmpty());
}

} // namespace initorder::deployment
