// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Processes that stand still while they are read, and notice nothing of it.
#include "tests/inspect/held.h"
#include "tracer/inspect/proc_files.h"
#include "tracer/inspect/stop.h"

#include <thread>

namespace initorder::inspect {
namespace {

/// 'S', 'T', 't' ...: proc(5).
char state_of(pid_t pid) {
  const std::string stat = read_file(proc(pid, "stat"));
  const auto name = stat.rfind(") ");
  return name == stat.npos ? '-' : stat[name + 2];
}

/// For ten seconds at most: nobody says when the kernel has changed it.
bool becomes(pid_t pid, char state) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (state_of(pid) != state && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  return state_of(pid) == state;
}

Family look_stopped(const Held &server) {
  return server.look([](const Family &) { return true; }, Manner::stopped);
}

TEST(Stop, EachProcessOnceWithWholeStacksAndLetGo) {
  const Held server("keys");
  ASSERT_TRUE(becomes(server.pid(), 'S'));
  const Family family = look_stopped(server);
  ASSERT_THAT(family.processes, SizeIs(2));
  for (const Process &process : family.processes) {
    EXPECT_GT(process.stopped.count(), 0);
    EXPECT_THAT(process.cannot_tell, IsEmpty());
    ASSERT_THAT(process.threads, SizeIs(1));
    const auto &stack = process.threads[0].stack;
    EXPECT_TRUE(std::ranges::any_of(stack, [](const Frame &frame) { return frame.function == "main"; })) << stack.size();
    EXPECT_TRUE(becomes(process.pid, 'S'));
  }
  EXPECT_THAT(rules_broken(family), ElementsAre("tsd-value-shared"));
}

TEST(Stop, NobodyIsStoppedWhoWasNotAskedFor) {
  const Held server("keys");
  for (const Process &process : server.look().processes) {
    EXPECT_EQ(process.stopped.count(), 0);
    EXPECT_THAT(process.threads.at(0).stack, IsEmpty());
  }
}

TEST(Stop, NoSignalIsLost) {
  Held server("counts");
  constexpr int many = 500;
  std::thread sender([&] {
    for (int i = 0; i < many; ++i) {
      ::sigqueue(server.pid(), SIGRTMIN, {});
      std::this_thread::yield();
    }
  });
  for (int i = 0; i < 20; ++i)
    look_stopped(server);
  sender.join();
  EXPECT_EQ(server.last_words(), std::to_string(many) + "\n");
}

TEST(Stop, WhoWasStoppedByASignalStaysSo) {
  const Held server("keys");
  ::kill(server.pid(), SIGSTOP);
  ASSERT_TRUE(becomes(server.pid(), 'T'));
  EXPECT_THAT(look_stopped(server).processes, SizeIs(2));
  EXPECT_TRUE(becomes(server.pid(), 'T'));
  ::kill(server.pid(), SIGCONT);
  EXPECT_TRUE(becomes(server.pid(), 'S'));
}

TEST(Stop, WhoDoesNotStopIsLeftOutWithARemark) {
  const Held server("vfork");
  ASSERT_THAT(server.look([](const Family &one) { return one.processes.size() == 3; }).processes, SizeIs(3));
  const Family family = look_stopped(server);
  EXPECT_THAT(family.processes, SizeIs(2));
  EXPECT_THAT(family.remarks, ElementsAre(HasSubstr("does not stop")));
}

TEST(Stop, TheServerGoesOnWhenWeAreKilled) {
  const Held server("keys");
  int stands[2];
  ASSERT_EQ(::pipe2(stands, O_CLOEXEC), 0);
  const pid_t inspector = ::fork();
  if (inspector == 0) {
    const auto stop = Stop::of(server.pid());
    const char word = stop ? 'y' : 'n';
    if (::write(stands[1], &word, 1) == 1)
      ::pause();
    ::_exit(0);
  }
  char word = 0;
  ASSERT_EQ(::read(stands[0], &word, 1), 1);
  ASSERT_EQ(word, 'y');
  EXPECT_EQ(state_of(server.pid()), 't');
  // Somebody else has it by now: told, and not waited for.
  const auto second = Stop::of(server.pid());
  EXPECT_THAT(second.error().text(), HasSubstr("process " + std::to_string(inspector) + " traces it"));
  ::kill(inspector, SIGKILL);
  ::waitpid(inspector, nullptr, 0);
  EXPECT_TRUE(becomes(server.pid(), 'S'));
  ::close(stands[0]);
  ::close(stands[1]);
}

} // namespace
} // namespace initorder::inspect
