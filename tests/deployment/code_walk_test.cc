// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/code_walk.h"

#include "tests/deployment/support.h"

#include <fstream>
#include <iterator>
#include <random>

namespace initorder::deployment {

namespace {

struct Module {
  explicit Module(const std::string &name) : object(*elf::Object::open(made(name), name)), linkage(object->linkage()) {}

  std::vector<std::string> calls(FileAddr entry, std::vector<std::int64_t> arguments, const CodeFacts &facts = {}) const {
    std::vector<std::string> out;
    for (const CodeCall &call : calls_from(*object, linkage, facts, entry, arguments).calls)
      out.push_back(call.symbol);
    return out;
  }
  FileAddr entry(unsigned offset) const {
    return *linkage.pointer(FileAddr{number(object->find("exports")->address) + offset});
  }

  std::shared_ptr<const elf::Object> object;
  elf::Linkage linkage;
};

constexpr unsigned kInit = 8, kChild = 16;

} // namespace

TEST(CodeWalk, CallsComeInTheirOrderAlsoThroughFunctions) {
  const Module module("guard.so");
  EXPECT_THAT(module.calls(module.object->find("mod_register")->address, {}), ElementsAre("cry_set_memory", "cry_use"));
}

TEST(CodeWalk, AnArgumentRulesWaysOut) {
  const Module module("ranks.so");
  for (const std::int64_t rank : {1, 2, -2, -5})
    EXPECT_THAT(module.calls(module.entry(kChild), {rank}), ElementsAre("cry_use")) << rank;
  for (const std::int64_t rank : {0, -1, -4, -127})
    EXPECT_THAT(module.calls(module.entry(kChild), {rank}), IsEmpty()) << rank;
  EXPECT_THAT(module.calls(module.entry(kChild), {}), ElementsAre("cry_use")) << "not known";
}

TEST(CodeWalk, InASwitchToo) {
  const Module module("switched.so");
  for (const std::int64_t rank : {1, -1})
    EXPECT_THAT(module.calls(module.entry(kChild), {rank}), ElementsAre("cry_use")) << rank;
  for (const std::int64_t rank : {0, -4, -127})
    EXPECT_THAT(module.calls(module.entry(kChild), {rank}), IsEmpty()) << rank;
}

TEST(CodeWalk, ATableOfCasesIsFollowed) {
  const Module module("cases.so");
  EXPECT_THAT(module.calls(module.entry(kChild), {2}), ElementsAre("cry_set_memory"));
  EXPECT_THAT(module.calls(module.entry(kChild), {9}), IsEmpty());
  EXPECT_THAT(module.calls(module.entry(kChild), {}),
              ::testing::IsSupersetOf({"cry_use", "cry_set_memory", "cry_clear"}))
      << "not known";
}

TEST(CodeWalk, AFieldThatACallFillsHasItsName) {
  const Module module("tables.so");
  const auto bound = calls_from(*module.object, module.linkage, {}, module.entry(kInit), {}).calls;
  ASSERT_EQ(bound.size(), 1u);
  const FileAddr driver{static_cast<std::uint64_t>(bound[0].arguments[0].number)};
  CodeFacts facts;
  EXPECT_EQ(calls_from(*module.object, module.linkage, facts, module.entry(kChild), {-127}).not_followed.size(), 1u);
  facts.fields[FileAddr{number(driver) + 8}] = "driver.open";
  EXPECT_THAT(module.calls(module.entry(kChild), {-127}, facts), ElementsAre("driver.open"));
}

TEST(CodeWalk, AVariableOfTheServerRulesWaysOut) {
  const Module module("switched.so");
  EXPECT_THAT(module.calls(module.entry(kInit), {}, {{{"server_mode", 2}}, {"abort"}}), IsEmpty());
  EXPECT_THAT(module.calls(module.entry(kInit), {}, {{{"server_mode", 1}}, {"abort"}}), ElementsAre("abort"));
  EXPECT_THAT(module.calls(module.entry(kInit), {}, {{{"server_mode", 0}}, {"abort"}}), ElementsAre("cry_use"));
}

TEST(CodeWalk, AHandlerIsKnownThroughTheWrapperThatRegistersIt) {
  const Module module("guard.so");
  const auto calls = calls_from(*module.object, module.linkage, {}, module.entry(kInit), {}).calls;
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].symbol, "__register_atfork");
  EXPECT_EQ(calls[0].arguments[0], a_number(0));
  ASSERT_EQ(calls[0].arguments[2].kind, MachineValue::Kind::own_address);
  EXPECT_THAT(module.calls(FileAddr{static_cast<std::uint64_t>(calls[0].arguments[2].number)}, {}), ElementsAre("cry_clear"));
}

/// Code that is none: any answer is good that is an answer, soon.
TEST(CodeWalk, EndsWhateverTheBytesAre) {
  std::ifstream file(made("guard.so"), std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::string bytes = whole;
    for (unsigned i = 0, changes = 1 + random() % 200; i < changes; ++i)
      bytes[64 + random() % (bytes.size() - 64)] = static_cast<char>(random());
    const auto object = elf::Object::from_bytes(bytes, "mutated");
    if (!object)
      continue;
    const elf::Linkage linkage = (*object)->linkage();
    for (const elf::Segment &segment : (*object)->segments())
      for (unsigned offset = 0; segment.executable && offset < 0x400; offset += 16)
        (void)calls_from(**object, linkage, {}, FileAddr{number(segment.begin) + offset}, {1});
  }
}

} // namespace initorder::deployment
