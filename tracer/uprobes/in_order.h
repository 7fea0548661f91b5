// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Records of several sources (the ring of hits, one ring of forks for each CPU), put into the order of their times.
#pragma once

#include "tracer/trace/record.h"

#include <cstdint>
#include <vector>

namespace initorder::uprobes {

class InOrder {
public:
  /// `began`: CLOCK_MONOTONIC, nanoseconds; times are counted from there.
  InOrder(trace::Sink &sink, std::uint64_t began) : sink_(sink), began_(began) {}
  void put(std::uint64_t at, trace::ProcessNumber process, std::int32_t thread, decltype(trace::Record::what) what);
  /// Passes on what happened before `until`: all of that has been put.
  void pass_on(std::uint64_t until);
  bool empty() const { return waiting_.empty(); }

private:
  trace::Sink &sink_;
  std::uint64_t began_;
  std::uint64_t next_ = 0;
  std::vector<trace::Record> waiting_;
};

} // namespace initorder::uprobes
