// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A program that runs is followed by kernel uprobes: what it calls is recorded, and nothing stays in it.
#include "tracer/uprobes/armory.h"
#include "tracer/uprobes/follow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Packs packs_for(const std::vector<std::string> &functions) {
  LibraryPack pack{.name = "test"};
  for (const std::string &name : functions) {
    LibraryFunction function{.name = name};
    function.trace.always = true;
    function.trace.result = true;
    function.trace.arguments = {{.name = "x", .type = name == "traced_fills" ? TracedArgument::Type::out_integer
                                                                             : TracedArgument::Type::integer}};
    pack.functions.push_back(std::move(function));
  }
  Packs packs;
  packs.libraries.push_back(std::move(pack));
  return packs;
}

/// The program, waiting for letters.
class Running {
public:
  Running() {
    int ends[2], until_exec[2];
    if (pipe2(ends, O_CLOEXEC) != 0 || pipe2(until_exec, O_CLOEXEC) != 0)
      return;
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[0], 0);
      execl(INITORDER_PROGRAM, INITORDER_PROGRAM, INITORDER_PLUGIN, nullptr);
      _exit(127);
    }
    close(ends[0]);
    close(until_exec[1]);
    letters_ = ends[1];
    for (char none = 0; read(until_exec[0], &none, 1) > 0;) {
    }
    close(until_exec[0]);
  }
  ~Running() { finish(); }
  pid_t pid() const { return pid_; }
  void say(const char *letters) const { ASSERT_GT(write(letters_, letters, strlen(letters)), 0); }
  int finish() {
    int status = -1;
    if (letters_ >= 0) {
      close(std::exchange(letters_, -1));
      waitpid(pid_, &status, 0);
    }
    return status;
  }
  /// Of its program's code in memory.
  std::string code() const {
    std::ifstream maps("/proc/" + std::to_string(pid_) + "/maps");
    std::ifstream memory("/proc/" + std::to_string(pid_) + "/mem", std::ios::binary);
    for (std::string line; std::getline(maps, line);) {
      std::uint64_t begin = 0, end = 0;
      char rights[5] = "";
      sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, rights);
      if (rights[2] != 'x' || !line.ends_with("uprobes_program"))
        continue;
      std::string out(end - begin, '\0');
      memory.seekg(static_cast<std::streamoff>(begin));
      memory.read(out.data(), static_cast<std::streamsize>(out.size()));
      return out;
    }
    return "";
  }

private:
  pid_t pid_ = -1;
  int letters_ = -1;
};

/// Keeps what comes, and answers it.
struct Collector final : trace::Sink {
  std::vector<trace::Record> records;
  std::function<void(const trace::Record &)> answer = [](const trace::Record &) {};
  void take(const trace::Record &record) override {
    records.push_back(record);
    answer(record);
  }
  template <class T> std::vector<T> all() const {
    std::vector<T> out;
    for (const trace::Record &record : records)
      if (const auto *what = std::get_if<T>(&record.what))
        out.push_back(*what);
    return out;
  }
  /// Arguments, and results.
  std::vector<std::int64_t> given(const std::string &function) const {
    std::vector<std::int64_t> out;
    for (const auto &call : all<trace::Called>())
      if (call.function == function)
        out.push_back(call.arguments.empty() ? 0 : call.arguments[0].number);
    return out;
  }
  std::vector<std::int64_t> results(const std::string &function) const {
    std::vector<std::int64_t> out;
    for (const auto &call : all<trace::Called>())
      for (const auto &returned : all<trace::Returned>())
        if (call.function == function && returned.call == call.call)
          out.push_back(returned.result.value_or(-1) & 0xffffffff);
    return out;
  }
  std::vector<std::string> remarks() const {
    std::vector<std::string> out;
    for (const auto &remark : all<trace::Remarked>())
      out.push_back(remark.text);
    return out;
  }
};

bool says(const trace::Record &record, const std::string &text) {
  const auto *remark = std::get_if<trace::Remarked>(&record.what);
  return remark && remark->text.find(text) != std::string::npos;
}

class Uprobes : public testing::Test {
protected:
  void SetUp() override {
    if (const auto can = uprobes::can_follow(); !can)
      GTEST_SKIP() << can.error().text();
  }
  /// Follows the program while it does this, until it ends.
  void follow(const char *letters, const std::vector<std::string> &functions,
              const std::function<void(const trace::Record &)> &more = [](const trace::Record &) {}) {
    const Packs packs = packs_for(functions);
    seen.answer = [&](const trace::Record &record) {
      if (says(record, "followed by kernel uprobes"))
        running.say(letters);
      more(record);
    };
    const auto end = uprobes::follow(running.pid(), {.packs = &packs, .for_time = kBound, .names = false}, seen);
    ASSERT_TRUE(end) << end.error().text();
    code_after = running.code();
    EXPECT_EQ(running.finish(), 0);
  }
  static constexpr std::chrono::seconds kBound{20}; ///< a test that fails ends
  Running running;
  std::string code_before = running.code();
  std::string code_after;
  Collector seen;
};

/// Ends the trace, as a user would.
void enough() { kill(getpid(), SIGINT); }

TEST_F(Uprobes, CallsInOrderWithArgumentsAndResults) {
  follow("c", {"traced"}, [](const auto &record) {
    if (const auto *returned = std::get_if<trace::Returned>(&record.what); returned && returned->result == 4)
      enough();
  });
  EXPECT_THAT(seen.given("traced"), ElementsAre(1, 2, 3));
  EXPECT_THAT(seen.results("traced"), ElementsAre(2, 3, 4));
  EXPECT_TRUE(code_before == code_after && !code_before.empty());
}

// The kernel's own return address stands on the stack meanwhile; the true one is in the record.
TEST_F(Uprobes, StackThroughACallWhoseReturnIsWaitedFor) {
  follow("o", {"traced", "traced_outer"}, [](const auto &record) {
    if (const auto *returned = std::get_if<trace::Returned>(&record.what); returned && returned->result == 42)
      enough();
  });
  EXPECT_THAT(seen.results("traced_outer"), ElementsAre(42));
  const auto calls = seen.all<trace::Called>();
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_GE(calls[1].stack.size(), calls[0].stack.size() + 1);
  EXPECT_GE(calls[0].stack.size(), 3u); // main() and who calls it
}

TEST_F(Uprobes, WhatTheCallFills) {
  follow("p", {"traced_fills"}, [](const auto &record) {
    if (std::holds_alternative<trace::Returned>(record.what))
      enough();
  });
  const auto returned = seen.all<trace::Returned>();
  ASSERT_EQ(returned.size(), 1u);
  ASSERT_EQ(returned[0].outputs.size(), 1u);
  EXPECT_EQ(returned[0].outputs[0].number, 42);
}

TEST_F(Uprobes, ForkedChildIsFollowed) {
  follow("f", {"traced"}, [&](const auto &record) {
    if (says(record, "before it was followed"))
      running.say("x");
    if (const auto *ended = std::get_if<trace::ProcessEnded>(&record.what); ended && record.process == trace::ProcessNumber{1})
      enough();
  });
  EXPECT_THAT(seen.given("traced"), ElementsAre(10));
  const auto started = seen.all<trace::ProcessStarted>();
  ASSERT_EQ(started.size(), 2u);
  EXPECT_EQ(started[1].how, trace::ProcessStarted::How::forked);
  EXPECT_EQ(started[1].parent, trace::ProcessNumber{0});
}

TEST_F(Uprobes, ObjectThatIsLoadedLater) {
  follow("d", {"traced_in_plugin"}, [&](const auto &record) {
    if (const auto *loaded = std::get_if<trace::ObjectLoaded>(&record.what); loaded && loaded->object == INITORDER_PLUGIN)
      running.say("x");
    if (std::holds_alternative<trace::Returned>(record.what))
      enough();
  });
  EXPECT_THAT(seen.results("traced_in_plugin"), ElementsAre(6));
  EXPECT_THAT(seen.remarks(), Contains(HasSubstr("uprobes_plugin.so: calls of its functions in its first ")));
}

TEST_F(Uprobes, ObjectOfWhichNothingIsWatched) {
  follow("d", {"traced"}, [&](const auto &record) {
    if (const auto *loaded = std::get_if<trace::ObjectLoaded>(&record.what); loaded && loaded->object == INITORDER_PLUGIN)
      enough();
  });
  EXPECT_THAT(seen.remarks(), Not(Contains(HasSubstr("calls of its functions"))));
}

TEST_F(Uprobes, ProcessWhoseFirstThreadHasEnded) {
  follow("e", {"traced"}, [&](const auto &record) {
    if (std::holds_alternative<trace::ThreadEnded>(record.what) && record.thread == running.pid())
      running.say("c");
    if (const auto *returned = std::get_if<trace::Returned>(&record.what); returned && returned->result == 4)
      running.say("q");
  });
  EXPECT_THAT(seen.results("traced"), ElementsAre(2, 3, 4));
  ASSERT_EQ(seen.all<trace::ProcessEnded>().size(), 1u);
  EXPECT_TRUE(std::holds_alternative<trace::ProcessEnded>(seen.records[seen.records.size() - 2].what)); // then Finished
  EXPECT_THAT(seen.remarks(), Contains(HasSubstr("its first thread has ended")));
}

TEST(Armory, SaysWhatThereIsNoRoomFor) {
  auto kernel = uprobes::Kernel::open();
  if (!kernel)
    GTEST_SKIP() << kernel.error().text();
  uprobes::Armory armory(*kernel, 1 + 3);
  std::vector<std::string> remarks;
  armory.on_remark = [&](const uprobes::Watched &, std::string text) { remarks.push_back(std::move(text)); };
  uprobes::Watched process(getpid());
  uprobes::File file;
  file.loaded = {"/lib/some.so", 0, nullptr};
  file.path = "/nonexistent";
  for (std::uint64_t offset = 0; offset < 4; ++offset)
    file.sites.push_back({.probe = 0, .offset = offset, .most = 1, .ends = offset == 0});
  armory.arm(process, file); // one place for the return of the first, one each for two calls
  EXPECT_THAT(remarks, ElementsAre("/lib/some.so: calls of 2 of its functions are not recorded: all 3 places for uprobes are taken"));
  armory.disarm(file);
}

TEST(CannotFollow, FromWithinAProcessNamespace) {
  const pid_t outer = fork();
  if (outer == 0) {
    if (unshare(CLONE_NEWPID) != 0)
      _exit(77);
    const pid_t inner = fork();
    if (inner == 0) {
      const auto can = uprobes::can_follow();
      _exit(!can && can.error().text().find("not from within a process namespace (a container)") != std::string::npos ? 0 : 1);
    }
    int status = 0;
    waitpid(inner, &status, 0);
    _exit(WEXITSTATUS(status));
  }
  int status = 0;
  waitpid(outer, &status, 0);
  if (WEXITSTATUS(status) == 77)
    GTEST_SKIP() << "needs root";
  EXPECT_EQ(status, 0);
}

TEST_F(Uprobes, NoMoreThanTheBudget) {
  follow("hc", {"traced_hot", "traced"}, [](const auto &record) {
    if (const auto *called = std::get_if<trace::Called>(&record.what); called && called->function == "traced" && called->arguments[0].number == 3)
      enough();
  });
  EXPECT_EQ(seen.given("traced_hot").size(), 32u);
  EXPECT_THAT(seen.given("traced"), ElementsAre(1, 2, 3));
  const auto spent = seen.all<trace::BudgetSpent>();
  ASSERT_EQ(spent.size(), 1u);
  EXPECT_EQ(spent[0].function, "traced_hot");
  EXPECT_EQ(spent[0].calls, 32u);
}

TEST_F(Uprobes, KilledTracerLeavesTheCodeAsItWas) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const pid_t tracer = fork();
  if (tracer == 0) {
    const Packs packs = packs_for({"traced", "traced_hot"});
    Collector sink;
    sink.answer = [&](const auto &record) {
      if (says(record, "followed by kernel uprobes"))
        (void)!write(ends[1], "!", 1);
    };
    (void)uprobes::follow(running.pid(), {.packs = &packs, .names = false}, sink);
    _exit(0);
  }
  char ready = 0;
  ASSERT_EQ(read(ends[0], &ready, 1), 1);
  EXPECT_FALSE(running.code() == code_before); // they are there
  kill(tracer, SIGKILL);
  waitpid(tracer, nullptr, 0);
  EXPECT_TRUE(running.code() == code_before);
  running.say("ch");
  EXPECT_EQ(running.finish(), 0);
}

} // namespace
} // namespace initorder::test
