// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two kinds of addresses that must not be mixed: in a process, and in an object file.
#pragma once

#include <cstdint>

namespace initorder {

/// An address in a traced process.
enum class RemoteAddr : std::uint64_t {};

/// An address as an object's symbols count them (st_value); RemoteAddr minus the object's load bias (l_addr).
enum class FileAddr : std::uint64_t {};

constexpr RemoteAddr at(FileAddr address, std::uint64_t bias) {
  return RemoteAddr{static_cast<std::uint64_t>(address) + bias};
}
constexpr FileAddr in_file(RemoteAddr address, std::uint64_t bias) {
  return FileAddr{static_cast<std::uint64_t>(address) - bias};
}
constexpr RemoteAddr operator+(RemoteAddr address, std::uint64_t bytes) {
  return RemoteAddr{static_cast<std::uint64_t>(address) + bytes};
}
constexpr std::uint64_t number(RemoteAddr address) { return static_cast<std::uint64_t>(address); }
constexpr std::uint64_t number(FileAddr address) { return static_cast<std::uint64_t>(address); }

} // namespace initorder
