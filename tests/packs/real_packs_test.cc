// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/packs.h"

#include <gtest/gtest.h>

namespace initorder {

TEST(RealPacks, LoadWithoutError) {
  const auto packs = load_packs(INITORDER_SOURCE_RULES);
  ASSERT_TRUE(packs.has_value()) << packs.error().text();
  EXPECT_FALSE(packs->hosts.empty());
  EXPECT_FALSE(packs->libraries.empty());
  EXPECT_FALSE(packs->checks.empty());
}

} // namespace initorder
