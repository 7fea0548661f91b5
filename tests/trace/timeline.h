// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Builds traces by hand: what a tracer would have written down, in order.
#pragma once

#include "tracer/trace/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace initorder::trace {

/// The process that is launched, with number 0 and pid 100; its first thread has that number.
inline constexpr ProcessNumber kLaunched{0};

/// Pids count on from 100 as processes and threads appear. Each record is a millisecond after the one before.
class Timeline {
public:
  Timeline() {
    add(Began{.version = "0.1.0", .command = {"server", "-f", "its.cfg"}, .host = "small", .machine = "x86_64"});
    add(ProcessStarted{.pid = 100});
  }

  /// From here on, records stand in this process, on its first thread.
  Timeline &in(ProcessNumber process) {
    process_ = process;
    thread_ = first_threads_.at(static_cast<std::size_t>(process));
    return *this;
  }
  Timeline &on(std::int32_t thread) { return thread_ = thread, *this; }

  Timeline &phase(std::string id) {
    phase_ = id;
    return add(PhaseBegan{.phase = std::move(id), .function = "opens_it"});
  }
  Timeline &phase_ends() {
    add(PhaseEnded{.phase = phase_});
    return phase_.clear(), *this;
  }
  Timeline &entry(std::string module, std::string what, std::vector<std::int64_t> arguments = {}) {
    module_ = module;
    return add(EntryBegan{std::move(module), phase_, std::move(what), std::move(arguments)});
  }
  Timeline &entry_ends(std::string what, std::int64_t result = 0) {
    add(EntryEnded{module_, std::move(what), result});
    return module_.clear(), *this;
  }

  /// fork(): the child has the next number and goes on in the same phase.
  Timeline &forks(ProcessNumber child, bool by_host = false) {
    const ProcessStarted started{.how = ProcessStarted::How::forked,
                                 .pid = ++newest_,
                                 .parent = process_,
                                 .parent_thread = thread_,
                                 .by_host = by_host};
    const auto [process, thread] = std::pair(process_, thread_);
    first_threads_.resize(static_cast<std::size_t>(child) + 1);
    first_threads_.back() = newest_;
    in(child).add(started);
    process_ = process;
    thread_ = thread;
    return *this;
  }
  Timeline &forks_worker(ProcessNumber child) { return forks(child, true); }
  Timeline &exits(int status = 0) { return add(ProcessEnded{.status = status}); }
  /// The new thread's id is that which newest() then says.
  Timeline &starts_thread() {
    add(ThreadStarted{++newest_});
    return *this;
  }
  std::int32_t newest() const { return newest_; }

  Timeline &calls(std::string function, std::string library, std::vector<std::string> effects) {
    Called called{.call = CallNumber{++calls_},
                  .function = std::move(function),
                  .library = std::move(library),
                  .effects = std::move(effects)};
    return add(std::move(called));
  }
  Timeline &with(Value argument) { return called().arguments.push_back(std::move(argument)), *this; }
  /// The stack of the latest call, innermost first.
  Timeline &from(std::vector<Frame> stack) { return called().stack = std::move(stack), *this; }
  Timeline &returns(std::optional<std::int64_t> result, std::vector<Value> outputs = {}) {
    return add(Returned{CallNumber{calls_}, result, std::move(outputs)});
  }

  template <class T> Timeline &add(T what) {
    Record record;
    record.number = records_.size();
    record.at = std::chrono::milliseconds(records_.size());
    record.process = process_;
    record.thread = thread_;
    record.phase = phase_;
    record.module = module_;
    record.what = std::move(what);
    records_.push_back(std::move(record));
    return *this;
  }

  const std::vector<Record> &records() const { return records_; }

private:
  Called &called() { return std::get<Called>(records_.back().what); }

  std::vector<Record> records_;
  std::vector<std::int32_t> first_threads_{100};
  ProcessNumber process_ = kLaunched;
  std::int32_t thread_ = 100;
  std::int32_t newest_ = 100;
  std::uint64_t calls_ = 0;
  std::string phase_;
  std::string module_;
};

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

} // namespace initorder::trace
