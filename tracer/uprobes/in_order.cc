// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/uprobes/in_order.h"

#include <algorithm>
#include <utility>

namespace initorder::uprobes {

void InOrder::put(std::uint64_t at, trace::ProcessNumber process, std::int32_t thread, decltype(trace::Record::what) what) {
  trace::Record record{.process = process, .thread = thread};
  record.at = std::chrono::nanoseconds(at > began_ ? at - began_ : 0);
  record.what = std::move(what);
  waiting_.push_back(std::move(record));
}

void InOrder::pass_on(std::uint64_t until) {
  const std::chrono::nanoseconds end(until > began_ ? until - began_ : 0);
  std::stable_sort(waiting_.begin(), waiting_.end(), [](const auto &one, const auto &other) { return one.at < other.at; });
  const auto later = std::find_if(waiting_.begin(), waiting_.end(), [&](const auto &record) { return record.at > end; });
  for (auto it = waiting_.begin(); it != later; ++it) {
    it->number = next_++;
    sink_.take(*it);
  }
  waiting_.erase(waiting_.begin(), later);
}

} // namespace initorder::uprobes
