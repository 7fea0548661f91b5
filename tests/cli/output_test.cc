// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/output.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include <unistd.h>

using namespace initorder;
namespace fs = std::filesystem;

class OutputFile : public testing::Test {
protected:
  OutputFile() { fs::create_directories(folder_); }
  ~OutputFile() override { fs::remove_all(folder_); }

  std::string content(const std::string &name) const {
    std::ifstream file(folder_ / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(folder_), {}); }
  Result<void> write(const std::string &name, const std::string &text) const {
    return Output::to(folder_ / name)->write([&](std::ostream &out) { out << text; });
  }

  const fs::path folder_ = fs::temp_directory_path() / ("output_test." + std::to_string(::getpid()));
};

TEST_F(OutputFile, IsThereWhenItIsComplete) {
  ASSERT_TRUE(write("a", "text"));
  EXPECT_EQ(content("a"), "text");
  EXPECT_EQ(files(), 1);
}

TEST_F(OutputFile, NothingIsTouchedBeforeTheWriting) {
  ASSERT_TRUE(Output::to(folder_ / "a"));
  EXPECT_EQ(files(), 0);
}

TEST_F(OutputFile, AFailureLeavesTheOldOneAndNothingElse) {
  std::ofstream(folder_ / "a") << "old";
  const Result<Output> output = Output::to(folder_ / "a");
  EXPECT_FALSE(output.value().write([](std::ostream &out) { out.setstate(std::ios::failbit); }));
  EXPECT_THROW((void)output.value().write([](std::ostream &) { throw std::runtime_error("no memory"); }),
               std::runtime_error);
  EXPECT_EQ(content("a"), "old");
  EXPECT_EQ(files(), 1);
}

TEST_F(OutputFile, ALinkStaysALinkAndPermissionsStay) {
  std::ofstream(folder_ / "a") << "old";
  fs::permissions(folder_ / "a", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("a", folder_ / "link");
  ASSERT_TRUE(write("link", "new"));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(content("a"), "new");
  EXPECT_EQ(fs::status(folder_ / "a").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(OutputFile, AMissingFolderIsKnownAtOnce) {
  EXPECT_EQ(Output::to(folder_ / "missing/a").error().kind, Error::Kind::gone);
  EXPECT_FALSE(Output::to(folder_));
}
