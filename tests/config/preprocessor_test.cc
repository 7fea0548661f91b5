// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/config/support.h"

namespace initorder::config {

TEST(Conditions, OfDefinitions) {
  const std::string text = "#!ifdef A\nloadmodule \"a\"\n#!else\nloadmodule \"b\"\n#!endif\n!!ifndef A\nloadmodule \"c\"\n!!endif\n";
  EXPECT_THAT(Parsed().define("A").modules(text), ElementsAre("a"));
  EXPECT_THAT(Parsed().modules(text), ElementsAre("b", "c"));
}
TEST(Conditions, InEachOther) {
  EXPECT_THAT(Parsed().modules("#!ifdef A\n#!ifndef B\n \" unclosed\nloadmodule \"a\"\n#!else\nloadmodule \"b\"\n#!endif\n"
                               "#!else\nloadmodule \"c\"\n#!endif\n"),
              ElementsAre("c"));
}
TEST(Conditions, MustEndOnALineOfTheirOwn) {
  EXPECT_THAT(Parsed().error("a=1\n#!ifdef A\n#!endif # of A\n"), HasSubstr("server.cfg:2: this condition has no #!endif"));
  EXPECT_THAT(Parsed().error("#!ifdef A\n#!endif"), HasSubstr("server.cfg:1: this condition has no #!endif"));
  EXPECT_EQ(Parsed().error("#!ifdef A\n#!endif  \r\n"), "no error");
  EXPECT_EQ(Parsed().error("\n#!endif\n"), "server.cfg:2: #!endif without #!ifdef");
}
/// kamailio -c accepts the first and refuses the second (5.6.3).
TEST(Conditions, AreOnlyCounted) {
  EXPECT_THAT(Parsed().modules("#!endif\nloadmodule \"a\"\n#!ifdef A\nloadmodule \"b\"\n \" unclosed\n"), ElementsAre("a"));
  EXPECT_EQ(Parsed().error("#!endif\n#!endif\n#!ifdef A\n"), "server.cfg:2: #!endif without #!ifdef");
}
TEST(Conditions, OfExpressions) {
  const auto loads = [](const std::string &expression) {
    return !Parsed()
                .define("VERSION", "5006003")
                .define("NAME", "\"x\"")
                .modules("#!ifexp " + expression + "\nloadmodule \"a\"\n#!endif\n")
                .empty();
  };
  EXPECT_TRUE(loads("1 < 2 && !(3 == 4)"));
  EXPECT_TRUE(loads("VERSION >= 5006000"));
  EXPECT_TRUE(loads("NAME == 'x'"));
  EXPECT_TRUE(loads("NAME + \"y\" == \"xy\""));
  EXPECT_FALSE(loads("OTHER || 2 - 2"));
  EXPECT_FALSE(loads("NAME != \"x\""));
}
TEST(Conditions, ThatNobodyCanTellAreReadBothWays) {
  Parsed parsed;
  const std::string text = "#!ifexp f(1)\nloadmodule \"a\"\nroute {\n#!else\nloadmodule \"b\"\nroute {\n#!endif\n}\nloadmodule \"c\"\n";
  const Config config = parsed.config(text);
  ASSERT_EQ(config.modules.size(), 1u) << "the second way stands behind a block that seems open";
  EXPECT_EQ(config.modules[0].guard.condition, "#!ifexp f(1) (server.cfg:1)");
  EXPECT_THAT(Parsed().modules("#!ifexp f(1)\nloadmodule \"a\"\n#!else\nloadmodule \"b\"\n#!endif\nloadmodule \"c\"\n"),
              ElementsAre("a?", "b?", "c"));
}

TEST(Definitions, AreReplacedEverywhereButInTexts) {
  const Config config = Parsed().config("#!define N 1\\\n2\n#!define M \"pv.so\"\na = N\nb = \"N\"\nloadmodule M\n");
  EXPECT_EQ(config.settings.at(0).value, "12");
  EXPECT_EQ(config.settings.at(1).value, "N");
  EXPECT_EQ(config.modules.at(0).name, "pv");
}
TEST(Definitions, ASecondOneIsRefused) {
  EXPECT_THAT(Parsed().error("#!define A\n#!define A 2\n"), HasSubstr("server.cfg:2: 'A' is defined already"));
  EXPECT_THAT(Parsed().define("A").error("#!def A\n"), HasSubstr("server.cfg:1: 'A' is defined already"));
  EXPECT_EQ(Parsed().config("#!define A 1\n#!trydef A 2\na = A\n").settings.at(0).value, "1");
  EXPECT_EQ(Parsed().config("#!define A 1\n#!redefine A 2\na = A\n").settings.at(0).value, "2");
  EXPECT_EQ(Parsed().config("#!define A 1\n#!undef A\n#!define A 3\na = A\n").settings.at(0).value, "3");
}
TEST(Definitions, DoNotReplaceTheWordsOfStatements) {
  EXPECT_THAT(Parsed().modules("#!define loadmodule foo\nloadmodule \"a\"\n"), ElementsAre("a"));
}
TEST(Definitions, WithoutEndAreRefused) {
  EXPECT_THAT(Parsed().error("#!define A B\n#!define B A\nx = A\n"), HasSubstr("replaced without end"));
}
TEST(Definitions, OfExpressions) {
  const Config config = Parsed().config("#!define N 4\n#!defexp M 4 * 2 + 1\n#!defexps S \"a\" + N\na = M\nb = S\n");
  EXPECT_EQ(config.settings.at(0).value, "9");
  EXPECT_EQ(config.settings.at(1).value, "a4");
}
TEST(Definitions, FromTheEnvironment) {
  const std::string text = "#!defenv A\n#!defenvs B=C\na = A\nb = B\n";
  const Config known = Parsed().environment("A", "1").environment("C", "x y").config(text);
  EXPECT_EQ(known.settings.at(0).value, "1");
  EXPECT_EQ(known.settings.at(1).value, "x y");
  const Config unknown = Parsed().config(text + "#!ifdef A\nloadmodule \"m\"\n#!endif\n");
  EXPECT_EQ(unknown.caveats.size(), 2u);
  EXPECT_FALSE(unknown.settings.at(0).is_known);
  EXPECT_EQ(unknown.modules.at(0).guard.certainty, Certainty::maybe);
}
TEST(Definitions, OfALoadedModule) {
  EXPECT_THAT(Parsed().modules("loadmodule \"a\"\n#!ifdef MOD_a\nloadmodule \"b\"\n#!endif\n"), ElementsAre("a", "b"));
}

TEST(Substitutions, ChangeTexts) {
  const Config config = Parsed().config("#!subst \"/h(o)st/\\1.org/g\"\na = \"host and host\"\n");
  EXPECT_EQ(config.settings.at(0).value, "o.org and o.org");
}
TEST(Substitutions, AreDefinitionsToo) {
  const Config config = Parsed().config("#!substdef \"!DB!mysql://x/y!g\"\n#!substdefs \"!M!pv!\"\na = \"DB\"\nloadmodule M\n");
  EXPECT_EQ(config.settings.at(0).value, "mysql://x/y");
  EXPECT_EQ(config.modules.at(0).name, "pv");
}
TEST(Substitutions, ThatAreNoneAreRefused) {
  EXPECT_THAT(Parsed().error("#!subst \"/a/b\"\n"), HasSubstr("server.cfg:1: the substitution '/a/b' lacks a separator"));
  EXPECT_THAT(Parsed().error("#!subst \"/(/b/\"\n"), HasSubstr("server.cfg:1: not a regular expression"));
  EXPECT_THAT(Parsed().error("#!subst \"/a/b/x\"\n"), HasSubstr("unknown flag 'x'"));
}

TEST(Includes, StandBesideTheFileThatNamesThem) {
  EXPECT_THAT(Parsed()
                  .file("sub/a.cfg", "loadmodule \"a\"\n#!include_file \"b.cfg\"\n")
                  .file("sub/b.cfg", "loadmodule \"b\"\n")
                  .modules("include_file \"sub/a.cfg\"\nimport_file \"none.cfg\"\nloadmodule \"c\"\n"),
              ElementsAre("a", "b", "c"));
}
TEST(Includes, OfNothingAreRefused) {
  EXPECT_EQ(Parsed().error("\ninclude_file \"none.cfg\"\n"),
            "server.cfg:2: cannot read 'none.cfg': No such file or directory");
  EXPECT_THAT(Parsed().error("include_file none.cfg\n"), HasSubstr("server.cfg:1: the name of a file in double quotes"));
}
TEST(Includes, OfThemselvesEnd) {
  EXPECT_THAT(Parsed().error("include_file \"server.cfg\"\n"), HasSubstr("more than 10 files include each other"));
  EXPECT_THAT(Parsed().file("a", "").error([] {
    std::string text;
    for (int i = 0; i < 2000; ++i)
      text += "include_file \"a\"\n";
    return text;
  }()),
              HasSubstr("more than 1000 files"));
}

} // namespace initorder::config
