// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A process's memory, or a core file's, or a test's.
#pragma once

#include "rules/result.h"
#include "tracer/address.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace initorder {

struct RemoteMemory {
  virtual ~RemoteMemory() = default;
  /// Fills `out`, or fails: no short reads. Errors: gone (no such process), malformed (not all of it is mapped).
  virtual Result<void> read(RemoteAddr from, std::span<std::byte> out) const = 0;
  /// As much as is readable from `from` on, at most `out.size()` bytes; 0 if nothing is.
  virtual std::size_t read_some(RemoteAddr from, std::span<std::byte> out) const = 0;
};

/// One number or plain structure.
template <class T> Result<T> read_object(const RemoteMemory &memory, RemoteAddr from) {
  T out{};
  if (auto done = memory.read(from, std::as_writable_bytes(std::span(&out, 1))); !done)
    return done.error();
  return out;
}

/// Reads a pointer at each of these offsets, the first from `at` on, each next from where the last one leads. The address
/// at the end. Errors: as read().
Result<RemoteAddr> follow(const RemoteMemory &memory, RemoteAddr at, std::span<const unsigned> offsets);

/// A C string of at most `limit` bytes; longer ones are cut. Errors: as read().
Result<std::string> read_text(const RemoteMemory &memory, RemoteAddr from, std::size_t limit);

} // namespace initorder
