// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Texts and comments, as Kamailio's cfg.lex reads them.
#include "tests/config/support.h"

namespace initorder::config {

namespace {
std::string value(const std::string &text) {
  const Config config = Parsed().config("a = " + text + "\n");
  return config.settings.empty() ? "none" : config.settings[0].value;
}
} // namespace

TEST(Texts, EscapesInDoubleQuotes) {
  EXPECT_EQ(value(R"("a\"b\\c\tq\x41\101\.\1")"), "a\"b\\c\tqAA\\.\\1");
}
TEST(Texts, NoneInSingleQuotes) {
  EXPECT_EQ(value(R"('a\"b\n')"), R"(a\"b\n)");
}
TEST(Texts, SeveralInARowAreOne) {
  EXPECT_EQ(value("\"a\"\n  \"b\" \"c\""), "abc");
  EXPECT_EQ(value("\"a\" 'b'"), "a");
}
TEST(Texts, AnEscapedEndOfLineIsNone) {
  EXPECT_EQ(value("\"a\\\nb\""), "ab");
}
TEST(Texts, HoldNoComments) {
  EXPECT_EQ(value("\"a#b//c/*d\" # e"), "a#b//c/*d");
}

TEST(Comments, OfEachKind) {
  EXPECT_THAT(Parsed().modules("#!KAMAILIO\n# loadmodule \"a\"\n// loadmodule \"b\"\n/* loadmodule \"c\"\n/* */\nloadmodule "
                               "\"d\" */\nloadmodule \"e\" // f\r\n"),
              ElementsAre("e"));
}
TEST(Comments, AWordThatIsNoDirectiveMakesOne) {
  EXPECT_THAT(Parsed().modules("#!foo loadmodule \"a\"\n#!define_x\n##!ifdef A\nloadmodule \"b\"\n"), ElementsAre("b"));
}

} // namespace initorder::config
