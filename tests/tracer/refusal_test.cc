// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Commands that cannot be traced, or not as others are: one clear line each.
#include "support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <elf.h>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

namespace initorder::test {
namespace {

using testing::HasSubstr;

/// There as long as this.
struct TemporaryFile {
  TemporaryFile(const std::string &name, const std::string &content, mode_t mode)
      : path(testing::TempDir() + "initorder-" + std::to_string(getpid()) + "-" + name) {
    std::ofstream(path) << content;
    chmod(path.c_str(), mode);
  }
  ~TemporaryFile() { unlink(path.c_str()); }
  TemporaryFile(const TemporaryFile &) = delete;
  const std::string path;
};

std::string refusal(const std::vector<std::string> &command) {
  const auto run = run_traced(command, packs_for({"traced"}));
  EXPECT_TRUE(run.records.empty());
  EXPECT_EQ(run.output.find('\n'), std::string::npos);
  return run.output;
}

TEST(Refusal, NoSuchCommand) {
  EXPECT_EQ(refusal({"/nonexistent/server"}), "/nonexistent/server: no such program");
  EXPECT_EQ(refusal({"initorder-no-such-server"}), "initorder-no-such-server: no such program in PATH");
}

TEST(Refusal, NoPermissionToRun) {
  const TemporaryFile file("plain", "text", 0644);
  EXPECT_EQ(refusal({file.path}), file.path + ": is not a program that can be run");
  EXPECT_EQ(refusal({"/"}), "/: is not a program that can be run");
}

TEST(Refusal, ThirtyTwoBits) {
  Elf32_Ehdr header{.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                    .e_type = ET_EXEC, .e_machine = EM_386, .e_version = EV_CURRENT};
  header.e_ehsize = sizeof header;
  std::string content(reinterpret_cast<const char *>(&header), sizeof header);
  content.resize(4096);
  const TemporaryFile file("small", content, 0755);
  EXPECT_THAT(refusal({file.path}), HasSubstr("32-bit"));
}

TEST(Refusal, NeitherProgramNorScript) {
  const TemporaryFile file("odd", "no magic number here\n", 0755);
  EXPECT_EQ(refusal({file.path}), file.path + ": cannot run it: Exec format error");
}

TEST(Refusal, ScriptWhoseInterpreterIsNotThere) {
  const TemporaryFile file("orphan", "#!/nonexistent/interpreter\n", 0755);
  EXPECT_EQ(refusal({file.path}), file.path + ": cannot run it: No such file or directory");
}

// Not refused: the script's interpreter is traced, and what it starts.
TEST(Unusual, Script) {
  const TemporaryFile file("script", "#!/bin/sh\n" + program("ends") + " 4\necho \"ended with $?\"\n", 0755);
  const auto run = run_traced({file.path}, packs_for({"traced"}));
  EXPECT_EQ(run.output, "ends by 4\nended with 4\n");
  EXPECT_EQ(run.calls("traced"), 1u);
}

TEST(Unusual, StaticProgram) {
  const auto run = run_traced({program("static"), "5"}, packs_for({"=traced"}));
  EXPECT_EQ(run.output, "ends by 5\n");
  EXPECT_EQ(run.ending(), "exit 5");
  EXPECT_EQ(run.calls("traced"), 1u);
  const auto remarks = run.all<trace::Remarked>();
  ASSERT_EQ(remarks.size(), 1u);
  EXPECT_THAT(remarks[0].text, HasSubstr("static program"));
}

} // namespace
} // namespace initorder::test
