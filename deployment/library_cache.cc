// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// glibc's own format since 2.2 (sysdeps/generic/dl-cache.h, struct cache_file_new), alone or behind the old one.
#include "deployment/library_cache.h"

#include "tracer/elf/bounded.h"

namespace initorder::deployment {

namespace {

constexpr std::string_view kMagic = "glibc-ld.so.cache1.1";
constexpr std::uint32_t kElfLibc6 = 3, kX86_64 = 0x0300; ///< FLAG_ELF_LIBC6, FLAG_X8664_LIB64

struct Head {
  char magic[20];
  std::uint32_t count;
  std::uint32_t strings_size;
  std::uint32_t flags_and_extension[2];
  std::uint32_t unused[3];
};
struct Entry {
  std::int32_t flags;
  std::uint32_t key, value; ///< offsets of texts, from the head
  std::uint32_t os_version;
  std::uint64_t capabilities; ///< 0: for every processor
};

} // namespace

std::map<std::string, std::string> read_library_cache(std::string_view bytes) {
  std::map<std::string, std::string> out;
  const std::size_t begin = bytes.find(kMagic);
  if (begin == bytes.npos)
    return out;
  bytes.remove_prefix(begin);
  const auto head = elf::load<Head>(bytes, 0);
  if (!head)
    return out;
  const elf::Table<Entry> entries(bytes.substr(sizeof(Head)));
  for (std::uint32_t i = 0; i < head->count; ++i) {
    const auto entry = entries[i];
    if (!entry)
      break;
    // Of the variants for better processors the plain one brings the same library.
    if (static_cast<std::uint32_t>(entry->flags) != (kElfLibc6 | kX86_64) || entry->capabilities != 0)
      continue;
    const auto key = elf::text_at(bytes, entry->key), value = elf::text_at(bytes, entry->value);
    if (key && value)
      out.try_emplace(std::string(*key), *value); // the loader takes the first, too
  }
  return out;
}

} // namespace initorder::deployment
