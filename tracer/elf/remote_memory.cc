// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/remote_memory.h"

#include <algorithm>
#include <array>

namespace initorder {

Result<RemoteAddr> follow(const RemoteMemory &memory, RemoteAddr at, std::span<const unsigned> offsets) {
  for (const unsigned offset : offsets) {
    const auto next = read_object<std::uint64_t>(memory, at + offset);
    if (!next)
      return next.error();
    at = RemoteAddr{*next};
  }
  return at;
}

Result<std::string> read_text(const RemoteMemory &memory, RemoteAddr from, std::size_t limit) {
  std::string out;
  std::array<std::byte, 256> chunk;
  while (out.size() < limit) {
    const auto wanted = std::min(chunk.size(), limit - out.size());
    const auto got = memory.read_some(from + out.size(), std::span(chunk).first(wanted));
    const std::string_view text(reinterpret_cast<const char *>(chunk.data()), std::min(got, wanted));
    const auto end = text.find('\0');
    out.append(text.substr(0, end));
    if (end != text.npos)
      return out;
    // Asked again for one byte, so that the error is the memory's own.
    if (got < wanted)
      if (auto done = memory.read(from + out.size(), std::span(chunk).first(1)); !done)
        return done.error();
  }
  return out;
}

} // namespace initorder
