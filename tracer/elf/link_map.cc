// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/elf/link_map.h"

#include "tracer/elf/paged_memory.h"

#include <fmt/format.h>

#include <cstddef>

#include <elf.h>
#include <limits.h>
#include <link.h>

namespace initorder::elf {

namespace {

constexpr std::size_t kMostDynamicEntries = 1024;
constexpr std::size_t kMostObjects = 4096;

RemoteAddr remote(const void *pointer) {
  return RemoteAddr{reinterpret_cast<std::uint64_t>(pointer)};
}

Error lie(RemoteAddr at, const char *what) {
  return {Error::Kind::malformed, fmt::format("{:#x}", number(at)), what};
}

/// Rows from `node` on.
Result<std::vector<LinkMapEntry>> read_rows(const RemoteMemory &memory, RemoteAddr node) {
  // The loader's rows and names lie side by side in few pages.
  const PagedMemory paged(memory);
  std::vector<LinkMapEntry> out;
  while (number(node) != 0) {
    if (out.size() == kMostObjects)
      return lie(node, "the list of loaded objects has no end");
    const auto row = read_object<link_map>(paged, node);
    if (!row)
      return row.error();
    auto path = row->l_name ? read_text(paged, remote(row->l_name), PATH_MAX) : Result<std::string>(std::string());
    if (!path)
      return path.error();
    out.push_back({node, row->l_addr, std::move(*path)});
    node = remote(row->l_next);
  }
  return out;
}

} // namespace

Result<std::optional<Rendezvous>> find_rendezvous(const RemoteMemory &memory, const Object &program,
                                                  std::uint64_t bias) {
  if (!program.dynamic())
    return std::optional<Rendezvous>();
  const PagedMemory paged(memory);
  const auto dynamic = at(*program.dynamic(), bias);
  for (std::size_t i = 0; i < kMostDynamicEntries; ++i) {
    const auto entry = read_object<Elf64_Dyn>(paged, dynamic + i * sizeof(Elf64_Dyn));
    if (!entry)
      return entry.error();
    if (entry->d_tag == DT_NULL)
      return std::optional<Rendezvous>();
    if (entry->d_tag != DT_DEBUG)
      continue;
    if (entry->d_un.d_ptr == 0)
      return std::optional<Rendezvous>();
    const auto debug = read_object<r_debug>(memory, RemoteAddr{entry->d_un.d_ptr});
    if (!debug)
      return debug.error();
    return std::optional(Rendezvous{RemoteAddr{entry->d_un.d_ptr}, RemoteAddr{debug->r_brk}});
  }
  return lie(dynamic, "the dynamic section has no end");
}

Result<bool> is_consistent(const RemoteMemory &memory, const Rendezvous &rendezvous) {
  // As a number: what is there need not be one of the enumeration's.
  const auto state = read_object<int>(memory, RemoteAddr{number(rendezvous.r_debug) + offsetof(r_debug, r_state)});
  if (!state)
    return state.error();
  return state.value() == r_debug::RT_CONSISTENT;
}

Result<std::vector<LinkMapEntry>> read_link_map(const RemoteMemory &memory, const Rendezvous &rendezvous) {
  const auto debug = read_object<r_debug>(memory, rendezvous.r_debug);
  if (!debug)
    return debug.error();
  return read_rows(memory, remote(debug->r_map));
}

Result<std::vector<LinkMapEntry>> read_link_map_after(const RemoteMemory &memory, const LinkMapEntry &last) {
  const auto row = read_object<link_map>(memory, last.address);
  if (!row)
    return row.error();
  return read_rows(memory, remote(row->l_next));
}

} // namespace initorder::elf
