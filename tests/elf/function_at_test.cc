// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/elf/support.h"

namespace initorder::elf {

namespace {
FileAddr operator+(FileAddr address, std::uint64_t bytes) {
  return FileAddr{number(address) + bytes};
}
} // namespace

TEST(FunctionAt, FromItsFirstByteToItsLast) {
  const auto object = opened(made("symbols.so"));
  const auto plain = *object->find("plain");
  ASSERT_GT(plain.size, 1u);
  EXPECT_EQ(name_of(object->function_at(plain.address)), "plain");
  EXPECT_EQ(name_of(object->function_at(plain.address + (plain.size - 1))), "plain");
  EXPECT_NE(name_of(object->function_at(plain.address + plain.size)), "plain");
}

TEST(FunctionAt, NeverANeighbour) {
  const auto object = opened(made("symbols.so"));
  const auto before_gap = *object->find("before_gap");
  EXPECT_EQ(name_of(object->function_at(before_gap.address)), "before_gap");
  EXPECT_EQ(name_of(object->function_at(before_gap.address + 1)), "none");
  EXPECT_EQ(name_of(object->function_at(FileAddr{0})), "none");
  EXPECT_EQ(name_of(object->function_at(FileAddr{UINT64_MAX})), "none");
}

TEST(FunctionAt, StaticFunctionsUnlessStripped) {
  const auto address = opened(made("symbols.so"))->find("only_static")->address;
  EXPECT_EQ(name_of(opened(made("symbols.so"))->function_at(address)), "only_static");
  EXPECT_EQ(name_of(opened(made("symbols_stripped.so"))->function_at(address)), "none");
}

TEST(FunctionAt, StaticFunctionsFromTheLinkedDebugFile) {
  const auto address = opened(made("symbols.so"))->find("only_static")->address;
  EXPECT_EQ(name_of(opened(made("symbols_linked.so"))->function_at(address)), "only_static");
}

TEST(FunctionAt, ExportedFunctionsOfAStrippedFile) {
  const auto object = opened(made("symbols_stripped.so"));
  EXPECT_EQ(name_of(object->function_at(object->find("plain")->address)), "plain");
}

TEST(FunctionAt, NamesWithoutVersions) {
  const auto object = opened(made("symbols.so"));
  EXPECT_EQ(name_of(object->function_at(object->find("both")->address)), "both");
}

TEST(SourceAt, FileAndLine) {
  const auto object = opened(made("symbols.so"));
  const auto place = object->source_at(object->find("only_static")->address);
  ASSERT_TRUE(place);
  EXPECT_THAT(place->file, testing::EndsWith("tests/elf/fixtures/symbols.c"));
  EXPECT_EQ(place->line, 5u);
}

TEST(SourceAt, FromTheLinkedDebugFile) {
  const auto object = opened(made("symbols_linked.so"));
  const auto place = object->source_at(object->find_stripped("only_static")->address);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->line, 5u);
}

TEST(SourceAt, NothingWithoutDebugInformation) {
  const auto object = opened(made("symbols_stripped.so"));
  EXPECT_FALSE(object->source_at(object->find("plain")->address));
}

} // namespace initorder::elf
