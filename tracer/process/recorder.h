// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Takes records while threads are stopped, and makes lines of them for the front when none is: unwinding a stack takes
// long, and a stopped server must not wait for it. Symbols and lines of code are looked up by the front (names.h).
#pragma once

#include "tracer/process/outbox.h"
#include "tracer/process/stack_copy.h"
#include "tracer/trace/record.h"

#include <chrono>
#include <deque>
#include <memory>
#include <optional>

namespace initorder {

class Recorder {
public:
  explicit Recorder(Outbox &out) : out_(out) {}

  /// Gives the record its number and time. Function pointers among its values are addresses; in `layout` they become
  /// places in objects, as does `stack`, which is a Called record's.
  void put(trace::Record record, std::shared_ptr<const elf::Layout> layout = nullptr,
           std::optional<StackCopy> stack = std::nullopt);
  /// Writes down what was put.
  void flush();

private:
  struct Raw {
    trace::Record record;
    std::shared_ptr<const elf::Layout> layout;
    std::optional<StackCopy> stack;
  };
  void write(Raw &raw);
  void write(trace::Record &record);

  Outbox &out_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::uint64_t next_ = 0;
  std::uint64_t missing_ = 0; ///< records for which there was no room
  std::deque<Raw> waiting_;
};

} // namespace initorder
