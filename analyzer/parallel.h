// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace initorder {

/// Runs `work(index)` for 0 … count-1 on up to `jobs` threads and returns when all are done. `work` must
/// not throw, and writes only to what belongs to its index.
template <class Work> void for_each_index(std::size_t count, unsigned jobs, const Work &work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++)
      work(i);
  };
  std::vector<std::thread> threads;
  for (unsigned t = 1; t < jobs; ++t)
    threads.emplace_back(run);
  run();
  for (std::thread &thread : threads)
    thread.join();
}

} // namespace initorder
