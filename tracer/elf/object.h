// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One ELF file: its symbols, its constructors, its unwind tables, its lines. Opened once, shared by all processes that
// map it. The file is hostile: each offset is checked, by libelf or here.
#pragma once

#include "rules/event.h"
#include "rules/result.h"
#include "tracer/address.h"
#include "tracer/elf/linkage.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initorder::elf {

struct Symbol {
  std::string name;
  FileAddr address{};
  std::uint64_t size = 0;
};

/// An entry of PT_LOAD.
struct Segment {
  FileAddr begin{};
  FileAddr end{};             ///< exclusive; from p_memsz
  std::uint64_t offset = 0;   ///< in the file
  bool executable = false;
  bool writable = false;
  std::string_view bytes;     ///< what the file has of it; lives as long as the Object
};

/// A name with its hash (DT_GNU_HASH's), for whoever asks many objects for it.
struct HashedName {
  explicit HashedName(std::string_view name);
  std::string_view text;
  std::uint32_t hash;
};

class Object {
public:
  /// `path` is where we read it (/proc/PID/root/…), `name` what it is called in reports.
  /// Errors: gone, denied, malformed (no ELF), unsupported (32-bit, another machine).
  static Result<std::shared_ptr<const Object>> open(const std::filesystem::path &path, std::string name);
  /// An object that has no file, as it lies in memory: the vdso. Errors: as open().
  static Result<std::shared_ptr<const Object>> from_bytes(std::string_view bytes, std::string name);
  Object(const Object &) = delete;
  Object &operator=(const Object &) = delete;
  ~Object();

  const std::string &name() const;      ///< as given to open()
  const std::string &build_id() const;  ///< lower-case hexadecimal; empty: none
  FileAddr entry() const;               ///< e_entry
  bool is_static() const;               ///< no PT_DYNAMIC
  std::string interpreter() const;      ///< PT_INTERP; empty: none
  const std::vector<Segment> &segments() const;
  std::optional<FileAddr> dynamic() const; ///< PT_DYNAMIC

  /// A defined symbol by name: .dynsym (through its hash table, so that a miss is cheap), else .symtab. IFUNCs are not
  /// found: their address is the resolver's; nor are thread-local variables. Of several versions it is the default one,
  /// and one that has only old versions is found in the first of them. Not found: a name that several static
  /// functions have at different addresses.
  std::optional<Symbol> find(const HashedName &name) const;
  std::optional<Symbol> find(std::string_view name) const { return find(HashedName(name)); }
  /// As find(), and after that in the separate debug file's .symtab: functions that a stripped file no longer names.
  /// The first call looks for that file (see function_at()).
  std::optional<Symbol> find_stripped(std::string_view name) const;
  /// The function whose size covers the address: .symtab (or that of the separate debug file, by build-id or
  /// .gnu_debuglink), else .dynsym. None: stripped; never a neighbour. Sorted tables are made on the first call, which also looks for
  /// the debug file, on this machine and, where the user has set DEBUGINFOD_URLS, at those servers. To name a caller, ask
  /// for its return address minus 1.
  std::optional<Symbol> function_at(FileAddr address) const;
  /// File and line from DWARF (its own or the separate debug file's). May take long on the first call.
  std::optional<SourcePlace> source_at(FileAddr address) const;
  /// DT_INIT_ARRAY's functions in order, as relocations give them, and DT_INIT before them.
  std::vector<FileAddr> constructors() const;
  /// All else that it asks of the loader. Read anew each time.
  Linkage linkage() const;
  /// The C string at an address; empty: none is there.
  std::string text_at(FileAddr address) const;
  /// DT_NEEDED.
  std::vector<std::string> needed() const;

  /// The file's bytes at an address of a PT_LOAD (not .bss); empty if there are none or fewer.
  std::string_view bytes(FileAddr from, std::size_t count) const;
  /// PT_GNU_EH_FRAME; none: cannot be unwound by tables.
  std::optional<FileAddr> eh_frame_hdr() const;

private:
  struct Parts;
  explicit Object(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// Opens each file once. The key is device, inode, size and time of change.
class ObjectCache {
public:
  ObjectCache();
  ~ObjectCache();
  /// Errors: as Object::open().
  Result<std::shared_ptr<const Object>> open(const std::filesystem::path &path, const std::string &name);

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace initorder::elf
