// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Files that lie. Each question is asked of each of them; any answer is good that is an answer. Run it with
// AddressSanitizer to see more than crashes, and with INITORDER_MUTATIONS=100000 to see more files.
#include "tests/elf/support.h"

#include <openssl/crypto.h>

#include <cstdlib>
#include <cstring>
#include <random>

#include <elf.h>

namespace initorder::elf {

namespace {

/// A stack that leads everywhere into one object.
class StackInto final : public RemoteMemory {
public:
  explicit StackInto(std::uint64_t where) : where_(where) {}
  Result<void> read(RemoteAddr from, std::span<std::byte> out) const override {
    read_some(from, out);
    return {};
  }
  std::size_t read_some(RemoteAddr from, std::span<std::byte> out) const override {
    for (std::size_t i = 0; i + 8 <= out.size(); i += 8) {
      const auto value = where_ + (number(from) + i) * 61 % 0x2000;
      std::memcpy(out.data() + i, &value, 8);
    }
    return out.size();
  }

private:
  std::uint64_t where_;
};

void ask_all(std::string_view bytes) {
  const auto object = Object::from_bytes(bytes, "mutated");
  if (!object)
    return;
  const auto &one = **object;
  for (const auto *name : {"plain", "both", "OPENSSL_init_crypto", "only_static", "no_such_name", ""})
    if (const auto found = one.find(name))
      one.bytes(found->address, found->size);
  one.build_id();
  one.needed();
  one.interpreter();
  for (const auto address : one.constructors())
    one.function_at(address);
  one.source_at(one.entry());
  one.find_stripped("no_such_name");
  const Layout layout({{"mutated", 0x10000000, *object}});
  for (const auto &segment : one.segments())
    if (segment.executable) {
      const auto code = number(at(segment.begin, 0x10000000));
      UnwindRegisters registers;
      registers.value[7] = 0x7fff0000;
      registers.value[6] = 0x7fff0100;
      for (const auto offset : {0x10u, 0x200u, 0x1000u}) {
        registers.value[16] = code + offset;
        layout.stack(registers, StackInto(code), 40);
      }
    }
}

/// Where the headers and the tables are that are worth lying in: the beginning, PT_DYNAMIC, .eh_frame_hdr, the
/// sections.
std::vector<std::pair<std::size_t, std::size_t>> worth_lying_in(const std::string &bytes) {
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  std::vector<std::pair<std::size_t, std::size_t>> out{{0, sizeof(header)},
                                                       {header.e_phoff, header.e_phnum * sizeof(Elf64_Phdr)},
                                                       {header.e_shoff, header.e_shnum * sizeof(Elf64_Shdr)},
                                                       {0, std::min<std::size_t>(bytes.size(), 0x3000)}};
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr row;
    std::memcpy(&row, bytes.data() + header.e_phoff + i * sizeof(row), sizeof(row));
    if (row.p_type == PT_DYNAMIC || row.p_type == PT_GNU_EH_FRAME || row.p_type == PT_NOTE)
      out.emplace_back(row.p_offset, row.p_filesz);
    if (row.p_type == PT_GNU_EH_FRAME) // .eh_frame follows
      out.emplace_back(row.p_offset + row.p_filesz, 0x1000);
  }
  return out;
}

unsigned mutations() {
  const char *wanted = std::getenv("INITORDER_MUTATIONS");
  return wanted ? static_cast<unsigned>(std::atoi(wanted)) : 300;
}

void lie_in(const std::filesystem::path &path, unsigned count) {
  const auto whole = content(path);
  ASSERT_GT(whole.size(), sizeof(Elf64_Ehdr));
  const auto places = worth_lying_in(whole);
  for (unsigned seed = 0; seed < count; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    auto bytes = whole;
    for (unsigned i = 0, changes = 1 + random() % 8; i < changes; ++i) {
      const auto &[begin, size] = places[random() % places.size()];
      const auto place = begin + random() % std::max<std::size_t>(size, 1);
      const std::uint64_t values[] = {0, UINT64_MAX, random(), 1ull << (random() % 64)};
      const auto length = std::size_t{1} << (random() % 4);
      if (place + length <= bytes.size())
        std::memcpy(bytes.data() + place, &values[random() % 4], length);
    }
    ask_all(bytes);
  }
}

} // namespace

TEST(Mutated, SmallLibraryWithDebugInformation) {
  lie_in(made("symbols.so"), mutations());
}
TEST(Mutated, OldHashTable) {
  lie_in(made("symbols_old_hash.so"), mutations());
}
TEST(Mutated, StrippedLibrary) {
  lie_in(made("symbols_stripped.so"), mutations());
}
TEST(Mutated, Constructors) {
  lie_in(made("constructors.so"), mutations());
}
TEST(Mutated, RealLibrary) {
  lie_in(file_of(reinterpret_cast<const void *>(&OPENSSL_cleanup)), mutations() / 10);
}

TEST(Truncated, AtAnyPlace) {
  const auto whole = content(made("symbols.so"));
  for (std::size_t size = 0; size < whole.size(); size += size < 0x400 ? 16 : 509)
    ask_all(std::string_view(whole).substr(0, size));
}

} // namespace initorder::elf
