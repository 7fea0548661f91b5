// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/message.h"

#include "tests/engine/timeline.h"

namespace initorder {

TEST(Message, PlaceholdersStandForTheEvents) {
  EventSequence run = Timeline().main("mod-init", "alloc", 1).calls("RAND_bytes").in("tls").sequence();
  run.events[0].site_function = "init";
  EXPECT_EQ(fill_message("'{call}' {module} {phase} {function} {effect}!", run.events[0]),
            "'RAND_bytes' tls mod-init init alloc!");
}

TEST(Message, OtherBracesStay) {
  const Event event{.call = "f"};
  EXPECT_EQ(fill_message("{} {x} {call", event), "{} {x} {call");
}

TEST(Message, WhatIsFilledInIsNotFilledInAgain) {
  const Event event{.effect = "e", .call = "{effect}"};
  EXPECT_EQ(fill_message("{call}", event), "{effect}");
}

TEST(Message, TheFirstUnknownPlaceholderIsFound) {
  EXPECT_EQ(unknown_placeholder("{call} {handle} {other}"), "{handle}");
  EXPECT_EQ(unknown_placeholder("{call} in {module"), "");
}

} // namespace initorder
