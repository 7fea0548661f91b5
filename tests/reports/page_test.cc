// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/page.h"

#include <gmock/gmock.h>

#include <sstream>

using namespace initorder;
using testing::ElementsAre;

TEST(Wrap, BreaksAtSpacesAndKeepsLongWords) {
  EXPECT_THAT(wrap("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("a https://example.org/long b", 4), ElementsAre("a", "https://example.org/long", "b"));
  EXPECT_THAT(wrap("", 7), ElementsAre(""));
}

TEST(Wrap, CountsCodePointsNotBytes) {
  EXPECT_THAT(wrap("äöü äöü", 7), ElementsAre("äöü äöü"));
}

TEST(Printable, ControlCharactersAreReplaced) {
  EXPECT_EQ(printable("a\x1b[1m\nb\x7f"), "a?[1m b?");
  EXPECT_EQ(printable("\xc2\x9b!"), "?!"); // U+009B begins an escape sequence too
  EXPECT_EQ(printable("ä"), "ä");
}

TEST(Page, ARowHangsBesideItsLabel) {
  std::ostringstream out;
  Page page(out, false, 34);
  page.row("why", "a text of more than one line");
  page.row("empty", "");
  EXPECT_EQ(out.str(), "  why     a text of more than one\n          line\n");
}

TEST(Page, ColourOnlyWhenAskedFor) {
  std::ostringstream out;
  EXPECT_EQ(Page(out, false, 80).paint(Ink::red, "x"), "x");
  EXPECT_EQ(Page(out, true, 80).paint(Ink::red, "x"), "\x1b[1;31mx\x1b[0m");
}
