// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/scenario_table.h"

#include <gtest/gtest.h>

#include <sstream>

using namespace initorder;

namespace {

ScenarioAnswer row(const char *mode, const char *tls, Answer answer) {
  return {{{"mode", mode}, {"tls", tls}}, answer};
}

std::string table(const std::vector<ScenarioAnswer> &rows) {
  std::ostringstream out;
  Page page(out, /*colour=*/false, 100);
  write_scenarios(rows, "when", page);
  return out.str();
}

} // namespace

TEST(ScenarioTable, ValuesWithOneAnswerShareALine) {
  EXPECT_EQ(table({{{{"mode", "0"}}, Answer::holds}, {{{"mode", "1"}}, Answer::does_not}, {{{"mode", "2"}}, Answer::holds}}),
            "  when    mode\n"
            "          0|2    holds\n"
            "          1      does not\n");
}

TEST(ScenarioTable, TheThreeAnswersAreToldApart) {
  EXPECT_EQ(table({row("0", "first", Answer::cannot_tell), row("0", "last", Answer::holds),
                   row("1", "first", Answer::does_not), row("1", "last", Answer::does_not)}),
            "  when    mode   tls\n"
            "          0      last    holds\n"
            "          0      first   cannot tell\n"
            "          1      any     does not\n");
}

TEST(ScenarioTable, NoTableIsNoLine) {
  EXPECT_EQ(table({}), "");
}

TEST(ScenarioTable, ATreeCannotDriveTheTerminal) {
  EXPECT_EQ(table({{{{"mo\x1b", "0\x1b"}}, Answer::holds}, {{{"mo\x1b", "1"}}, Answer::does_not}}).find('\x1b'),
            std::string::npos);
}
