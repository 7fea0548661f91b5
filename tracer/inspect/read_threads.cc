// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/read_threads.h"

#include "tracer/elf/bounded.h"

#include <fmt/format.h>

#include <set>

namespace initorder::inspect {
namespace {

Result<std::string> read_bytes(const RemoteMemory &memory, RemoteAddr from, std::uint64_t size) {
  std::string out(size, '\0');
  if (auto done = memory.read(from, std::as_writable_bytes(std::span(out))); !done)
    return done.error();
  return out;
}

} // namespace

Result<std::vector<Descriptor>> read_descriptors(const Image &image, const ThreadLayout &layout) {
  std::vector<Descriptor> out;
  std::set<RemoteAddr> seen;
  const RemoteMemory &memory = image.memory();
  for (const RemoteAddr head : layout.stack_lists) {
    auto node = read_object<std::uint64_t>(memory, head + layout.next_in_list);
    while (node && RemoteAddr{*node} != head) {
      if (!seen.insert(RemoteAddr{*node}).second || seen.size() > kMostThreads)
        return Error{Error::Kind::malformed, fmt::format("{:#x}", *node), "the list of threads leads back into itself"};
      Descriptor one{RemoteAddr{*node - layout.list_in_pthread}};
      const auto tid = read_object<std::int32_t>(memory, one.address + layout.tid_in_pthread);
      const auto start = read_object<std::uint64_t>(memory, one.address + layout.start_in_pthread);
      if (!tid || !start)
        return tid ? start.error() : tid.error();
      one.tid = *tid;
      one.start = RemoteAddr{*start};
      out.push_back(one);
      node = read_object<std::uint64_t>(memory, RemoteAddr{*node} + layout.next_in_list);
    }
    if (!node)
      return node.error();
  }
  return out;
}

Result<std::vector<Key>> read_keys(const Image &image, const ThreadLayout &layout) {
  const auto bytes = read_bytes(image.memory(), layout.keys, layout.key_count * layout.sizeof_key);
  if (!bytes)
    return bytes.error();
  std::vector<Key> out;
  for (unsigned i = 0; i < layout.key_count; ++i) {
    const auto sequence = elf::load<std::uint64_t>(*bytes, i * layout.sizeof_key + layout.sequence_in_key);
    const auto destructor = elf::load<std::uint64_t>(*bytes, i * layout.sizeof_key + layout.destructor_in_key);
    if (!sequence || !destructor || *sequence % 2 == 0)
      continue;
    Key key{.number = i, .generation = *sequence};
    if (*destructor != 0) {
      key.destructor = image.frame(RemoteAddr{*destructor});
      key.object = image.object_at(RemoteAddr{*destructor});
    }
    out.push_back(std::move(key));
  }
  return out;
}

Result<std::vector<HeldValue>> read_values(const Image &image, const ThreadLayout &layout, const Descriptor &thread,
                                           const std::vector<Key> &keys) {
  std::vector<HeldValue> out;
  std::uint64_t at_hand = ~0ull;
  std::string block;
  for (const Key &key : keys) {
    const std::uint64_t number = key.number / layout.data_per_block;
    if (number >= layout.block_count)
      break;
    if (number != at_hand) {
      at_hand = number;
      block.clear();
      const auto begin = read_object<std::uint64_t>(image.memory(), thread.address + layout.blocks_in_pthread + number * 8);
      if (!begin)
        return begin.error();
      if (*begin != 0) {
        auto bytes = read_bytes(image.memory(), RemoteAddr{*begin + layout.data_in_block},
                                layout.data_per_block * layout.sizeof_data);
        if (!bytes)
          return bytes.error();
        block = std::move(*bytes);
      }
    }
    const std::uint64_t entry = key.number % layout.data_per_block * layout.sizeof_data;
    const auto sequence = elf::load<std::uint64_t>(block, entry + layout.sequence_in_data);
    const auto value = elf::load<std::uint64_t>(block, entry + layout.value_in_data);
    if (!sequence || !value || *value == 0 || *sequence != key.generation)
      continue;
    out.push_back({key.number, *value, image.memory_at(RemoteAddr{*value}), image.shared_at(RemoteAddr{*value})});
  }
  return out;
}

} // namespace initorder::inspect
