// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/describe.h"

#include <gtest/gtest.h>

using namespace initorder;

TEST(DescribePlace, SaysWhoRunsIt) {
  EXPECT_EQ(describe(Place{"child-init", ProcessRole::worker, 3, ThreadRole::temporary, "tls"}),
            "child-init of tls, in a worker, on a temporary thread");
  EXPECT_EQ(entry_of(Place{"tls-pre-init", ProcessRole::main, 0, ThreadRole::main, "core"}),
            "tls-pre-init of the core");
}

TEST(DescribeSourcePlace, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(describe(SourcePlace{"a.c", 3, 7}), "a.c:3:7");
  EXPECT_EQ(describe(SourcePlace{"a.c", 3, 0}), "a.c:3");
  EXPECT_EQ(describe(SourcePlace{"a.c", 0, 7}), "a.c");
}

TEST(UrlOf, FindsTheUrlInASentence) {
  EXPECT_EQ(url_of({"fork(2)", "see https://example.org/a, the discussion"}), "https://example.org/a");
  EXPECT_EQ(url_of({"fork(2)"}), "");
}
