// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/elf/support.h"

#include <openssl/crypto.h>

#include <algorithm>

namespace initorder::elf {

namespace {
/// Those that fixtures/constructors.c has, in order; the C runtime's own are left out.
std::vector<std::string> names(const std::string &file) {
  const auto object = opened(made(file));
  std::vector<std::string> out;
  for (const auto address : object->constructors())
    if (const auto name = name_of(object->function_at(address)); name == "first" || name == "second" || name == "third")
      out.push_back(name);
  return out;
}
} // namespace

TEST(Constructors, OfALibrary) {
  EXPECT_THAT(names("constructors.so"), ElementsAre("first", "second", "third"));
}

TEST(Constructors, OfAProgramAtFixedAddresses) {
  EXPECT_THAT(names("constructors_fixed"), ElementsAre("first", "second", "third"));
}

#ifdef INITORDER_HAS_RELR
TEST(Constructors, WithPackedRelocations) {
  EXPECT_THAT(names("constructors_relr.so"), ElementsAre("first", "second", "third"));
}
#endif

TEST(Constructors, InitComesFirst) {
  const auto object = opened(made("constructors.so"));
  const auto init = object->find("_init");
  ASSERT_TRUE(init);
  EXPECT_EQ(object->constructors().front(), init->address);
}

TEST(Constructors, LieInTheObjectsCode) {
  const auto object = opened(file_of(reinterpret_cast<const void *>(&OPENSSL_cleanup)));
  ASSERT_FALSE(object->constructors().empty());
  for (const auto address : object->constructors()) {
    const auto &segments = object->segments();
    EXPECT_TRUE(std::any_of(segments.begin(), segments.end(), [&](const Segment &segment) {
      return segment.executable && address >= segment.begin && address < segment.end;
    }));
  }
}

} // namespace initorder::elf
