// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Takes records from the thread that drives ptrace and hands them to a Sink on a thread of its own: looking up names and
// lines takes long, and a stopped server must not wait for it.
#pragma once

#include "tracer/elf/unwind.h"
#include "tracer/trace/record.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace initorder {

class Recorder {
public:
  /// `sink` is called on the recorder's thread, and in finish() on the caller's for what is left then.
  /// Without `names` no frame is looked up.
  explicit Recorder(trace::Sink &sink, bool names = true);
  ~Recorder();

  /// Gives the record its number and time. Frames in it hold bare addresses (object empty); they are looked up in
  /// `layout`, as are `stack`'s return addresses, which become the stack of a Called record.
  void put(trace::Record record, std::shared_ptr<const elf::Layout> layout = nullptr,
           std::vector<RemoteAddr> stack = {});
  /// All that was put has been taken.
  void finish();

private:
  struct Raw {
    trace::Record record;
    std::shared_ptr<const elf::Layout> layout;
    std::vector<RemoteAddr> stack;
  };
  void look_up(Raw &raw) const;
  void hand_on(Raw &raw);
  void run();

  trace::Sink &sink_;
  const bool names_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::uint64_t next_ = 0;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<Raw> waiting_;
  bool ending_ = false;
  std::thread thread_;
};

} // namespace initorder
