// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/simulate/value.h"

#include <gtest/gtest.h>

using namespace initorder;

static const Value kUnknown{};
static const Value kNull = Value::of(0);
static const Value kFirst = Value::of(Callable{Callable::Kind::function, 1, nullptr});
static const Value kSecond = Value::of(Callable{Callable::Kind::function, 2, nullptr});

static Location local(std::uint32_t index) { return {Location::Kind::local, index, {}, {}}; }

static void expect_join(const Value &a, const Value &b, const Value &expected) {
  EXPECT_EQ(join(a, b), expected);
  EXPECT_EQ(join(b, a), expected);
}

TEST(ValueJoin, WithItselfIsItself) {
  for (const Value &value : {kUnknown, kNull, Value::of(-1), Value::not_null(), kFirst, Value::handle(7)})
    expect_join(value, value, value);
}

TEST(ValueJoin, TwoNumbersAreOneOfThem) {
  expect_join(Value::of(1), Value::of(2), Value::not_null());
  expect_join(Value::of(0), Value::of(1), kUnknown);
}

TEST(ValueJoin, AnUnknownNumberIsUnknown) {
  expect_join(kUnknown, Value::of(1), kUnknown);
  expect_join(kUnknown, Value::not_null(), kUnknown);
}

TEST(ValueJoin, FunctionsAreEitherOfThem) {
  const Value both = Value::of(Value::Functions{*kFirst.functions().begin(), *kSecond.functions().begin()});
  expect_join(kFirst, kSecond, both);
  expect_join(both, kSecond, both);
}

TEST(ValueJoin, APointerThatMayBeNullIsStillThePointer) {
  expect_join(kFirst, kNull, kFirst);
  expect_join(Value::handle(7), kNull, Value::handle(7));
}

TEST(ValueJoin, HandlesAreEitherOfThem) {
  const Value both = join(Value::handle(7), Value::handle(8));
  EXPECT_EQ(both.resources(), (Value::Resources{7, 8}));
}

TEST(ValueJoin, FieldsOneByOne) {
  const Value a = Value::of(Value::Fields{{"fn", kFirst}, {"n", Value::of(1)}, {"only", Value::of(3)}});
  const Value b = Value::of(Value::Fields{{"fn", kFirst}, {"n", Value::of(2)}});
  const Value joined = join(a, b);
  EXPECT_EQ(joined.fields().at("fn"), kFirst);
  EXPECT_EQ(joined.fields().at("n"), Value::not_null());
  EXPECT_EQ(joined.fields().at("only"), kUnknown);
}

TEST(ValueTruth, ThreeValues) {
  EXPECT_EQ(kNull.truth(), Truth::no);
  EXPECT_EQ(Value::of(-1).truth(), Truth::yes);
  EXPECT_EQ(Value::handle(1).truth(), Truth::yes);
  EXPECT_EQ(kUnknown.truth(), Truth::unknown);
}

TEST(StateJoin, WhatOneSideOpenedMayBeOpen) {
  State a, b;
  a.open = {1};
  b.closed = {2};
  join_into(a, b);
  EXPECT_EQ(a.open, (FlatSet<ResourceId>{1}));
  EXPECT_TRUE(a.closed.empty()); // closed on one way only
}

TEST(StateJoin, AValueThatOnlyOneSideKnowsIsUnknownUnlessItIsAHandle) {
  State a, b;
  a.cells = {{local(0), Value::of(1)}, {local(1), Value::handle(4)}};
  b.cells = {{local(2), Value::handle(5)}, {local(3), Value::of(2)}};
  join_into(a, b);
  EXPECT_FALSE(a.cells.contains(local(0)));
  EXPECT_FALSE(a.cells.contains(local(3)));
  EXPECT_EQ(a.cells.at(local(1)), Value::handle(4));
  EXPECT_EQ(a.cells.at(local(2)), Value::handle(5));
}

TEST(StateJoin, TheServerFailsOnlyIfItFailsOnBothWays) {
  State failing, fine;
  failing.failing = true;
  join_into(failing, fine);
  EXPECT_FALSE(failing.failing);
}

TEST(StateJoin, ASecondTimeChangesNothing) {
  State a, b;
  a.cells = {{local(0), Value::of(1)}};
  b.cells = {{local(0), Value::of(2)}};
  b.open = {1};
  EXPECT_TRUE(join_into(a, b));
  EXPECT_FALSE(join_into(a, b));
}
