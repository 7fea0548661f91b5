// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How the front learns that the guardian dies: in time to put the code right while nobody has been let go yet. do_exit() of the
// kernel, in this order:
//   exit_mm()      gives up what the task held of robust mutexes: the front wakes up here
//   exit_files()   closes its end of a pipe: all that is known of one that dies before it holds the mutex
//   exit_notify()  lets go of the threads that it traced
#pragma once

#include "tracer/process/launch.h"

#include <memory>

#include <pthread.h>

namespace initorder {

class Lifeline {
public:
  /// Before the guardian is forked. Null: no memory, or no descriptors.
  static std::unique_ptr<Lifeline> make();
  Lifeline(const Lifeline &) = delete;
  ~Lifeline();

  // The guardian.
  int guardians_end() const { return pipe_.ends[1]; }
  /// `end` is where it has that. From here its end is told at once.
  void hold(int end);
  /// It has nothing in anybody's code any more.
  static void let_go(int end);

  // The front.
  void guardian_is_forked() { pipe_.close_end(1); }
  /// Until the guardian ends. True: it had let go before.
  bool wait();

private:
  explicit Lifeline(pthread_mutex_t *held) : held_(held) {}

  Pipe pipe_;
  pthread_mutex_t *held_; ///< in memory that both share
};

} // namespace initorder
