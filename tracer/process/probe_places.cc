// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/probe_places.h"

#include "tracer/process/x86_64.h"

namespace initorder {

std::span<const std::byte> code_at(const elf::Object &object, FileAddr address, std::size_t most) {
  for (; most > 0; most /= 2)
    if (const std::string_view bytes = object.bytes(address, most); !bytes.empty())
      return std::as_bytes(std::span(bytes));
  return {};
}

/// Where to stop for `function`, whose symbol is at `address`.
static FileAddr stopping_place(const elf::Object &object, const LibraryFunction &function, FileAddr address) {
  constexpr std::size_t kFastPathBytes = 64;
  if (!function.trace.slow_path)
    return address;
  const auto slow = arch::slow_path(code_at(object, address, kFastPathBytes), at(address, 0));
  return slow ? in_file(*slow, 0) : address;
}

std::vector<std::pair<std::uint32_t, FileAddr>> places_in(const elf::Object &object, std::span<const Probe> probes,
                                                          std::uint32_t first) {
  std::vector<std::pair<std::uint32_t, FileAddr>> out;
  for (auto i = first; i < probes.size(); ++i)
    for (const std::string &name : probes[i].symbols)
      if (const auto symbol = object.find(name)) {
        out.emplace_back(i, stopping_place(object, *probes[i].function, symbol->address));
        break;
      }
  return out;
}

} // namespace initorder
