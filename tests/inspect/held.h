// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// programs/holds.c, running.
#pragma once

#include "tests/inspect/pictures.h"
#include "tracer/inspect/family.h"

#include <cstdio>
#include <algorithm>
#include <functional>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder::inspect {

class Held {
public:
  explicit Held(const char *state, const char *program = INITORDER_HOLDS) {
    int to[2], from[2];
    if (::pipe2(to, O_CLOEXEC) != 0 || ::pipe2(from, O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, to[0], 0);
    posix_spawn_file_actions_adddup2(&actions, from[1], 1);
    const char *words[] = {program, state, nullptr};
    const int failed = ::posix_spawn(&pid_, words[0], &actions, nullptr, const_cast<char **>(words), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(to[0]);
    ::close(from[1]);
    input_ = to[1];
    char text[6] = {};
    const bool ready = !failed && ::read(from[0], text, sizeof text) == sizeof text;
    output_ = from[0];
    if (!ready)
      throw std::runtime_error("holds did not start");
  }
  ~Held() {
    ::close(input_);
    ::close(output_);
    ::kill(pid_, SIGKILL); // one that waits for a lock does not read; its worker dies with it
    ::waitpid(pid_, nullptr, 0);
  }
  pid_t pid() const { return pid_; }

  std::vector<pid_t> family() const {
    auto processes = list_processes();
    return families_of(processes, {pid_}).at(0);
  }

  /// Looks until `is` holds, or for ten seconds: nobody says when a thread has gone to sleep.
  Family look(const std::function<bool(const Family &)> &is = [](const Family &) { return true; },
              Manner manner = Manner::running) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    for (;;) {
      auto read = read_family(family(), real_packs(), manner);
      if (!read)
        throw std::runtime_error(read.error().text());
      if (is(*read) || std::chrono::steady_clock::now() > deadline)
        return std::move(*read);
    }
  }

  /// Tells it to end, and has what it says then.
  std::string last_words() {
    ::close(std::exchange(input_, -1));
    std::string out;
    char text[64];
    for (ssize_t got; (got = ::read(output_, text, sizeof text)) > 0;)
      out.append(text, static_cast<std::size_t>(got));
    return out;
  }

private:
  pid_t pid_ = 0;
  int input_ = -1, output_ = -1;
};

inline const HeldValue *value_of(const Process &process, unsigned key) {
  for (const HeldValue &held : process.threads.at(0).values)
    if (held.key == key)
      return &held;
  return nullptr;
}

/// What "keys" has made, whatever the C library.
inline void expect_its_keys(const Process &main) {
  ASSERT_THAT(main.keys, SizeIs(41)); // the last one was deleted
  EXPECT_FALSE(main.keys[0].destructor);
  ASSERT_TRUE(main.keys[40].destructor);
  EXPECT_EQ(main.keys[40].destructor->function, "free");
  ASSERT_TRUE(value_of(main, 0) && value_of(main, 40));
  EXPECT_EQ(value_of(main, 0)->memory, Memory::data);
  EXPECT_EQ(value_of(main, 40)->memory, Memory::shared);
  EXPECT_EQ(value_of(main, 41), nullptr);
}

} // namespace initorder::inspect
