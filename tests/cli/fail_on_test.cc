// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/fail_on.h"

#include <gtest/gtest.h>

using namespace initorder;

static Finding finding(Severity severity, std::string left_out = {}) {
  Finding out;
  out.severity = severity;
  out.left_out = std::move(left_out);
  return out;
}

TEST(FailOn, CountsWhatIsAsSevere) {
  EXPECT_EQ(status_of({finding(Severity::warning)}, "warning"), ExitStatus::findings);
  EXPECT_EQ(status_of({finding(Severity::warning)}, "error"), ExitStatus::clean);
  EXPECT_EQ(status_of({finding(Severity::error)}, "never"), ExitStatus::clean);
}

TEST(FailOn, WhatIsNotInWhatIsBuiltHereDoesNotCount) {
  EXPECT_EQ(status_of({finding(Severity::error, "not with ssl 3.0.7")}, "note"), ExitStatus::clean);
  EXPECT_EQ(status_of({finding(Severity::error, "not with ssl 3.0.7"), finding(Severity::note)}, "note"),
            ExitStatus::findings);
}
