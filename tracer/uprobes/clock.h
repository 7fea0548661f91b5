// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <ctime>

namespace initorder::uprobes {

/// CLOCK_MONOTONIC, nanoseconds: as the kernel's side counts.
inline std::uint64_t now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(time.tv_nsec);
}

inline double milliseconds_since(std::uint64_t at) {
  const std::uint64_t time = now();
  return static_cast<double>(time > at ? time - at : 0) / 1e6;
}

} // namespace initorder::uprobes
