// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/library_cache.h"
#include "deployment/library_version.h"
#include "deployment/module_files.h"
#include "tests/deployment/support.h"

#include <cstring>

namespace initorder::deployment {

TEST_F(SmallServer, TheProgramSaysWhatNothingSets) {
  const Deployment deployment = deployed("loadmodule \"plain\"\nworkers = 4\n");
  EXPECT_EQ(deployment.version, "1.2.3");
  EXPECT_EQ(deployment.variables.at("mode"), "2");
  EXPECT_EQ(deployment.variables.at("workers"), "4");
  EXPECT_EQ(deployment.variables.at("fashion"), "") << "this server has no such variable";
  EXPECT_THAT(deployment.caveats, IsEmpty());
}

TEST_F(SmallServer, WithoutTheProgramNobodyCanTell) {
  const Deployment deployment = deployed("loadmodule \"plain\"\n", "");
  EXPECT_THAT(deployment.variables, IsEmpty());
  ASSERT_EQ(deployment.caveats.size(), 1u);
  EXPECT_THAT(deployment.caveats[0].what, HasSubstr("--program"));
}

TEST_F(SmallServer, ItsVersionIsDefined) {
  const Deployment deployment = deployed("#!ifdef SERVER_1_2\nloadmodule \"plain\"\n#!endif\n#!ifdef SERVER_1_3\nloadmodule "
                                         "\"early\"\n#!endif\n");
  ASSERT_EQ(deployment.modules.size(), 1u);
  EXPECT_EQ(deployment.modules[0].loaded.name, "plain");
}

TEST_F(SmallServer, ItsVersionIsANumberToTheVersionsThatHaveIt) {
  const Deployment deployment = deployed("#!ifexp SERVER_VERSION >= 1002000\nloadmodule \"plain\"\n#!endif\n"
                                         "#!ifexp SERVER_VERSION >= 1003000\nloadmodule \"early\"\n#!endif\n"
                                         "#!ifdef SERVER_NAME\nloadmodule \"early\"\n#!endif\n");
  ASSERT_EQ(deployment.modules.size(), 1u);
  EXPECT_EQ(deployment.modules[0].loaded.name, "plain");
}

TEST_F(SmallServer, AParameterThatThisServerLacksIsTold) {
  const Deployment deployment = deployed("fashion = 1\n");
  ASSERT_EQ(deployment.caveats.size(), 1u);
  EXPECT_THAT(deployment.caveats[0].what, HasSubstr("no parameter fashion"));
}

TEST_F(SmallServer, LibrariesAreFoundAsTheLoaderFindsThem) {
  const Deployment deployment = deployed("loadmodule \"early\"\n");
  const auto &objects = deployment.image.objects();
  std::vector<std::string> files;
  for (const std::size_t number : deployment.image.closure(*deployment.modules[0].object))
    files.push_back(objects[number].file);
  EXPECT_THAT(files, Contains("libcry.so.1")) << "$ORIGIN";
  EXPECT_THAT(files, Contains("libc.so.6"));
  EXPECT_EQ(files.front(), "early.so");
}

TEST(ModuleFiles, VersionsInTexts) {
  EXPECT_EQ(version_in("kamailio 5.6.3 (x86_64/linux)"), "5.6.3");
  EXPECT_EQ(version_in("none"), "");
}

TEST(LibraryVersion, TheLastThatIsNotLaterStandsForIt) {
  LibraryPack library;
  library.versions = {{"1.1.1", {}}, {"3.0", {}}, {"3.2", {}}};
  EXPECT_EQ(known_version(library, "1.1.1w"), "1.1.1");
  EXPECT_EQ(known_version(library, "3.0.20"), "3.0");
  EXPECT_EQ(known_version(library, "3.10.1"), "3.2");
  EXPECT_EQ(known_version(library, "1.0.2"), "");
  EXPECT_EQ(known_version(library, ""), "");
}

TEST(LibraryCache, WhatIsNoCacheHasNothing) {
  EXPECT_THAT(read_library_cache(""), IsEmpty());
  EXPECT_THAT(read_library_cache("glibc-ld.so.cache1.1"), IsEmpty());
  std::string lying = "glibc-ld.so.cache1.1" + std::string(28, '\xff') + std::string(48, '\x03');
  EXPECT_THAT(read_library_cache(lying), IsEmpty());
}

TEST(LibraryCache, ThisMachinesKnowsItsLibc) {
  const LibrarySearch search = LibrarySearch::of_this_machine();
  if (search.cache.empty())
    GTEST_SKIP() << "no ld.so.cache";
  EXPECT_THAT(search.cache.at("libc.so.6"), HasSubstr("libc.so.6"));
}

} // namespace initorder::deployment
