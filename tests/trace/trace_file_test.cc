// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/trace_file.h"

#include "tests/trace/every_kind.h"
#include "tracer/trace/read_trace.h"
#include "tracer/trace/record_line.h"

#include <csignal>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace initorder::trace {
namespace fs = std::filesystem;

class InFolder : public testing::Test {
protected:
  InFolder() {
    std::string name = (fs::temp_directory_path() / "trace.XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~InFolder() override { fs::remove_all(folder_); }

  fs::path write(const std::string &text) const {
    std::ofstream(folder_ / "t") << text;
    return folder_ / "t";
  }
  static std::string text_of(const fs::path &file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }
  static std::string lines_of(const std::vector<Record> &records) {
    std::string text;
    for (const Record &record : records)
      text += line_of(record) + '\n';
    return text;
  }

  fs::path folder_;
  std::vector<std::string> errors_;
  TraceFile::OnError note_ = [this](const Error &error) { errors_.push_back(error.text()); };
};

using TraceFileTest = InFolder;
using ReadTrace = InFolder;

TEST_F(TraceFileTest, EachRecordIsThereAsSoonAsItIsTaken) {
  const auto file = TraceFile::create(folder_ / "t", note_);
  ASSERT_TRUE(file.has_value());
  std::string expected;
  for (const Record &record : every_kind()) {
    (*file)->take(record);
    expected += line_of(record) + '\n';
    EXPECT_EQ(text_of(folder_ / "t"), expected);
  }
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(TraceFileTest, AFullDiskIsToldOnce) {
  const auto file = TraceFile::create("/dev/full", note_);
  ASSERT_TRUE(file.has_value());
  for (const Record &record : every_kind())
    (*file)->take(record);
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("/dev/full: cannot be written any more (No space left on device)")));
}

TEST_F(TraceFileTest, WhatWasWrittenBeforeTheDiskWasFullIsReadable) {
  const std::vector<Record> records = Timeline().phase("mod-init").add(Remarked{std::string(3000, 'x')}).records();
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = 1000; // the long record does not fit
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  {
    const auto file = TraceFile::create(folder_ / "t", note_);
    for (const Record &record : records)
      (*file)->take(record);
    (*file)->take(records.back());
  }
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_THAT(errors_, SizeIs(1));
  const auto trace = read_trace(folder_ / "t");
  ASSERT_TRUE(trace.has_value()) << trace.error().text();
  EXPECT_TRUE(trace->cut_off);
  EXPECT_THAT(trace->records, SizeIs(3));
}

TEST_F(TraceFileTest, AClosedPipeKillsNobody) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  const auto file = TraceFile::create(pipe, note_);
  ASSERT_TRUE(file.has_value());
  ::close(reader);
  for (const Record &record : every_kind())
    (*file)->take(record);
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("Broken pipe")));
}

TEST_F(TraceFileTest, WhatCannotBeMadeIsAnError) {
  EXPECT_EQ(TraceFile::create(folder_ / "missing" / "t", note_).error().kind, Error::Kind::gone);
  EXPECT_EQ(TraceFile::create(folder_, note_).error().kind, Error::Kind::malformed);
}

TEST_F(ReadTrace, HoldsTheRecordsInOrder) {
  const auto trace = read_trace(write(lines_of(every_kind())));
  ASSERT_TRUE(trace.has_value()) << trace.error().text();
  EXPECT_EQ(lines_of(trace->records), lines_of(every_kind()));
  EXPECT_FALSE(trace->cut_off);
  EXPECT_TRUE(trace->finished());
  EXPECT_THAT(trace->began().command, ElementsAre("server", "-f", "its.cfg"));
}

TEST_F(ReadTrace, ALastLineThatIsCutOffIsLeftOut) {
  const std::string whole = lines_of(Timeline().phase("mod-init").records());
  for (std::size_t less = 2; less < 40; ++less) {
    const auto trace = read_trace(write(whole.substr(0, whole.size() - less)));
    ASSERT_TRUE(trace.has_value()) << trace.error().text();
    EXPECT_TRUE(trace->cut_off);
    EXPECT_FALSE(trace->finished());
    EXPECT_THAT(trace->records, SizeIs(2));
  }
}

TEST_F(ReadTrace, ALastLineWithoutItsNewlineIsWhole) {
  std::string whole = lines_of(Timeline().phase("mod-init").records());
  whole.pop_back();
  const auto trace = read_trace(write(whole));
  EXPECT_FALSE(trace->cut_off);
  EXPECT_THAT(trace->records, SizeIs(3));
}

TEST_F(ReadTrace, AMalformedLineIsNamed) {
  const auto trace = read_trace(write(lines_of(Timeline().records()) + "{\"n\":2}\n" + lines_of(every_kind())));
  ASSERT_FALSE(trace.has_value());
  EXPECT_EQ(trace.error().text(), folder_.string() + "/t:3: is no record of a trace: 'at-ns' is missing");
}

TEST_F(ReadTrace, OtherFilesAreNoTraces) {
  for (const char *text : {"", "\n", "{}\n", "hello\n",
                           "\x7f"
                           "ELF"}) {
    const auto trace = read_trace(write(text));
    ASSERT_FALSE(trace.has_value());
    EXPECT_EQ(trace.error().kind, Error::Kind::malformed);
    EXPECT_THAT(trace.error().text(), HasSubstr("/t: is no trace of initorder"));
  }
  EXPECT_EQ(read_trace(folder_ / "missing").error().kind, Error::Kind::gone);
  EXPECT_EQ(read_trace(folder_).error().kind, Error::Kind::malformed);
}

TEST_F(ReadTrace, TwoTracesInOneFileAreRefused) {
  const std::string one = lines_of(Timeline().records());
  EXPECT_THAT(read_trace(write(one + one)).error().text(), HasSubstr("t:3: only the first record"));
}

TEST_F(ReadTrace, AnEndlessLineIsRefused) {
  const auto trace = read_trace(write(lines_of(Timeline().records()) + std::string(3 << 20, ' ')));
  ASSERT_FALSE(trace.has_value());
  EXPECT_THAT(trace.error().text(), HasSubstr("t:3: is no record of a trace: longer than 1 MiB"));
  EXPECT_FALSE(read_trace("/dev/zero"));
}

} // namespace initorder::trace
