// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the tests of this folder share: the objects that fixtures/ makes, a process that waits, memory that is made up.
#pragma once

#include "tracer/elf/mappings.h"
#include "tracer/elf/object.h"
#include "tracer/elf/unwind.h"
#include "tracer/remote_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace initorder::elf {

using testing::ElementsAre;
using testing::IsEmpty;

/// A file that fixtures/ made: "symbols.so".
std::filesystem::path made(const std::string &name);
/// Opened, or the test is over.
std::shared_ptr<const Object> opened(const std::filesystem::path &path);
/// The file of a library that this test program has loaded.
std::filesystem::path file_of(const void *address);
/// A file with these bytes, gone after the test.
class WrittenFile {
public:
  explicit WrittenFile(std::string_view bytes);
  ~WrittenFile();
  const std::filesystem::path path;
};
std::string content(const std::filesystem::path &path);
/// "plain", or "none".
std::string name_of(const std::optional<Symbol> &symbol);

/// So that a failed comparison can be read.
inline void PrintTo(const Mapping &row, std::ostream *out) {
  *out << std::hex << number(row.begin) << '-' << number(row.end) << ' ' << row.readable << row.writable
       << row.executable << row.shared << ' ' << row.offset << ' ' << row.device_major << ':' << row.device_minor << ' '
       << std::dec << row.inode << " '" << row.path << "'";
}

/// fixtures/sleeper.c, which has come to where it waits.
class Sleeper {
public:
  explicit Sleeper(std::vector<std::string> arguments);
  Sleeper(const Sleeper &) = delete;
  Sleeper &operator=(const Sleeper &) = delete;
  ~Sleeper();
  pid_t pid() const { return pid_; }
  RemoteAddr said(const std::string &name) const; ///< "heap 0x5581…"
  UnwindRegisters stop();                         ///< stays stopped
  std::vector<Loaded> objects() const;            ///< from its link map
  /// Names of the functions on its stack, innermost first, from wait_here() on.
  std::vector<std::string> stack(const Layout &layout, unsigned limit = 1000);

private:
  pid_t pid_ = -1;
  int input_ = -1;
  std::map<std::string, std::uint64_t> said_;
};

/// Memory that is not a process's.
class MadeUpMemory final : public RemoteMemory {
public:
  template <class T> void put(std::uint64_t at, const T &value) {
    const auto *bytes = reinterpret_cast<const std::byte *>(&value);
    for (std::size_t i = 0; i < sizeof(T); ++i)
      bytes_[at + i] = bytes[i];
  }
  void put_text(std::uint64_t at, std::string_view text);
  Result<void> read(RemoteAddr from, std::span<std::byte> out) const override;
  std::size_t read_some(RemoteAddr from, std::span<std::byte> out) const override;

private:
  std::map<std::uint64_t, std::byte> bytes_;
};

} // namespace initorder::elf
