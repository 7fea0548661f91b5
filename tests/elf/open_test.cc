// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/elf/support.h"

#include <cstring>

#include <elf.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

namespace initorder::elf {

namespace {
Error::Kind refusal(const std::filesystem::path &path) {
  const auto object = Object::open(path, "x");
  return object ? Error::Kind::unknown : object.error().kind;
}
/// constructors.so with one byte of its header changed.
std::string with(std::size_t offset, char value) {
  auto bytes = content(made("constructors.so"));
  bytes.at(offset) = value;
  return bytes;
}
} // namespace

TEST(Open, WhatIsNotThere) {
  EXPECT_EQ(refusal("/no/such/file"), Error::Kind::gone);
}

TEST(Open, WhatIsNoElfFile) {
  EXPECT_EQ(refusal("/"), Error::Kind::malformed);
  EXPECT_EQ(refusal("/dev/null"), Error::Kind::malformed);
  EXPECT_EQ(refusal(WrittenFile("").path), Error::Kind::malformed);
  EXPECT_EQ(refusal(WrittenFile("\177ELF").path), Error::Kind::malformed);
  EXPECT_EQ(refusal(WrittenFile("#!/bin/sh\n" + std::string(100, '#')).path), Error::Kind::malformed);
}

TEST(Open, APipeDoesNotHoldUs) {
  const WrittenFile place("");
  ASSERT_EQ(unlink(place.path.c_str()), 0);
  ASSERT_EQ(mkfifo(place.path.c_str(), 0600), 0);
  EXPECT_EQ(refusal(place.path), Error::Kind::malformed);
}

TEST(Open, OtherMachinesAreNotSupported) {
  EXPECT_EQ(refusal(WrittenFile(with(EI_CLASS, ELFCLASS32)).path), Error::Kind::unsupported);
  EXPECT_EQ(refusal(WrittenFile(with(EI_DATA, ELFDATA2MSB)).path), Error::Kind::unsupported);
  EXPECT_EQ(refusal(WrittenFile(with(offsetof(Elf64_Ehdr, e_machine), EM_AARCH64 % 256)).path),
            Error::Kind::unsupported);
  EXPECT_EQ(refusal(WrittenFile(with(offsetof(Elf64_Ehdr, e_type), ET_REL)).path), Error::Kind::unsupported);
}

TEST(Open, WhatTheHeadersSay) {
  const auto program = opened(made("sleeper"));
  EXPECT_THAT(program->interpreter(), testing::HasSubstr("ld-linux"));
  EXPECT_FALSE(program->is_static());
  EXPECT_THAT(program->needed(), testing::Contains("libc.so.6"));
  EXPECT_EQ(name_of(program->function_at(program->entry())), "_start");
  EXPECT_EQ(opened(made("symbols.so"))->interpreter(), "");
  EXPECT_EQ(opened(made("symbols.so"))->build_id(), opened(made("symbols_stripped.so"))->build_id());
}

TEST(Open, BytesAreTheFiles) {
  const auto object = opened(made("symbols.so"));
  const auto table = object->find("table")->address;
  ASSERT_EQ(object->bytes(table, 16).size(), 16u);
  EXPECT_EQ(object->bytes(table, 16).substr(4, 4), std::string_view("\2\0\0\0", 4));
  EXPECT_THAT(object->bytes(table, 1 << 30), IsEmpty());
  EXPECT_THAT(object->bytes(FileAddr{UINT64_MAX}, 1), IsEmpty());
}

TEST(Open, AnObjectThatIsOnlyInMemory) {
  const auto object = Object::from_bytes(content(made("symbols.so")), "memory");
  ASSERT_TRUE(object);
  EXPECT_EQ(name_of((*object)->function_at((*object)->find("plain")->address)), "plain");
}

TEST(Open, TheKernelsOwnObjectInOurMemory) {
  const auto *begin = reinterpret_cast<const char *>(getauxval(AT_SYSINFO_EHDR));
  if (!begin)
    GTEST_SKIP() << "no vdso";
  const auto mapping = Mappings::open(getpid())->at(RemoteAddr{reinterpret_cast<std::uint64_t>(begin)});
  const auto size = number(mapping.value()->end) - number(mapping.value()->begin);
  const auto object = Object::from_bytes({begin, size}, "vdso");
  ASSERT_TRUE(object);
  EXPECT_TRUE((*object)->find("__vdso_clock_gettime"));
}

TEST(ObjectCache, OpensAFileOnce) {
  ObjectCache cache;
  const auto once = cache.open(made("symbols.so"), "a"), again = cache.open(made("symbols.so"), "b");
  EXPECT_EQ(*once, *again);
  EXPECT_NE(*once, *cache.open(made("constructors.so"), "c"));
}

TEST(ObjectCache, OpensAChangedFileAgain) {
  ObjectCache cache;
  const WrittenFile file(content(made("symbols.so")));
  const auto before = cache.open(file.path, "a");
  std::filesystem::last_write_time(file.path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  const auto after = cache.open(file.path, "a");
  ASSERT_TRUE(before && after);
  EXPECT_NE(*before, *after);
}

TEST(ObjectCache, DoesNotRememberFailures) {
  ObjectCache cache;
  const WrittenFile file("not yet");
  EXPECT_FALSE(cache.open(file.path, "a"));
  std::filesystem::copy_file(made("symbols.so"), file.path, std::filesystem::copy_options::overwrite_existing);
  EXPECT_TRUE(cache.open(file.path, "a"));
}

} // namespace initorder::elf
