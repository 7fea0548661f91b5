// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/inspect/pictures.h"
#include "tracer/inspect/order.h"

namespace initorder::inspect {
namespace {

using Kind = OrderStep::Kind;

/// Loads of the program, libc and two libraries.
Process server() {
  Process out{.pid = 1, .is_main = true, .keys_known = true, .fork_handlers_known = true, .exit_handlers_known = true};
  for (const char *path : {"/bin/server", "/lib/libc.so.6", "/lib/liba.so", "/lib/libb.so"})
    out.objects.push_back({.path = path});
  return out;
}

Key key(unsigned number, std::string object, std::uint64_t generation = 1) {
  return {.number = number, .generation = generation, .object = std::move(object)};
}

/// "number:not before" of each step of a kind.
std::vector<std::string> places(const Process &process, Kind kind) {
  std::vector<std::string> out;
  for (const OrderStep &step : init_order(process).steps)
    if (step.kind == kind)
      out.push_back(std::to_string(step.number) + ":" + std::to_string(step.not_before));
  return out;
}

TEST(Order, WhatBelongsToAnObjectComesAfterIt) {
  Process process = server();
  process.keys = {key(0, "liba.so")};
  EXPECT_THAT(places(process, Kind::load), ElementsAre("0:0", "1:1", "2:2", "3:3"));
  EXPECT_THAT(places(process, Kind::key), ElementsAre("0:2"));
}

TEST(Order, AKeyComesAfterThoseOfLowerNumbersWhoeverOwnsIt) {
  Process process = server();
  process.keys = {key(0, "libb.so"), key(1, "liba.so"), key(2, "")};
  EXPECT_THAT(places(process, Kind::key), ElementsAre("0:3", "1:3", "2:3"));
}

TEST(Order, AKeyWhoseNumberWasGivenBackIsNotPlaced) {
  Process process = server();
  process.keys = {key(0, "libb.so", 3), key(1, "liba.so")};
  EXPECT_THAT(places(process, Kind::key), ElementsAre("1:2"));
  EXPECT_THAT(init_order(process).cannot_tell, ::testing::Contains(HasSubstr("when key 0 was made")));
}

TEST(Order, KindsAreNotOrderedAgainstEachOther) {
  Process process = server();
  process.keys = {key(0, "libb.so")};
  process.fork_handlers = {{.when = "child", .object = "liba.so"}};
  process.exit_handlers = {{.when = "atexit", .object = ""}};
  EXPECT_THAT(places(process, Kind::fork_handler), ElementsAre("0:2"));
  EXPECT_THAT(places(process, Kind::exit_handler), ElementsAre("0:0"));
  EXPECT_THAT(init_order(process).cannot_tell, ElementsAre(HasSubstr("before one of another kind")));
}

TEST(Order, WhatCouldNotBeReadIsNoEmptyList) {
  Process process = server();
  process.exit_handlers_known = false;
  EXPECT_THAT(init_order(process).cannot_tell, ::testing::Contains(HasSubstr("exit handlers were registered")));
}

} // namespace
} // namespace initorder::inspect
