// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/resources.h"

#include <algorithm>

namespace initorder::trace {

std::uint64_t Resources::open(ProcessNumber process, const std::string &kind, std::int64_t handle, std::uint64_t time) {
  changes_[{process, kind, handle}].push_back({time, ++newest_});
  return newest_;
}

std::optional<std::uint64_t> Resources::find(ProcessNumber process, const std::string &kind, std::int64_t handle,
                                             std::uint64_t time) const {
  constexpr int most_generations = 64; // a forged file may have a circle
  for (int generation = 0; generation < most_generations; ++generation) {
    if (const auto changes = changes_.find({process, kind, handle}); changes != changes_.end()) {
      const auto later = std::ranges::upper_bound(changes->second, time, {}, &Change::time);
      if (later != changes->second.begin())
        return std::prev(later)->resource;
    }
    // What the child has not touched is as it was in the parent when it forked.
    const Process *child = processes_.find(process);
    if (!child || !child->started.parent)
      break;
    process = *child->started.parent;
    time = child->appeared;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> Resources::close(ProcessNumber process, const std::string &kind, std::int64_t handle,
                                              std::uint64_t time) {
  const std::optional<std::uint64_t> resource = find(process, kind, handle, time);
  changes_[{process, kind, handle}].push_back({time, std::nullopt});
  return resource;
}

} // namespace initorder::trace
