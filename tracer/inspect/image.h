// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A process with its objects: whatever reads it asks here what lies where.
#pragma once

#include "tracer/elf/link_map.h"
#include "tracer/elf/paged_memory.h"
#include "tracer/elf/unwind.h"
#include "tracer/inspect/picture.h"
#include "tracer/inspect/target.h"

#include <memory>
#include <string>
#include <vector>

namespace initorder::inspect {

/// The objects of a process. Workers that were forked and loaded nothing since have those of their parent.
struct ObjectSet {
  std::vector<elf::LinkMapEntry> rows;
  std::vector<elf::Loaded> objects; ///< the program first, then in load order
  std::unique_ptr<elf::Layout> layout;
  std::vector<std::string> cannot_tell;

  /// The first object that defines the symbol, and where that is in the process.
  const elf::Loaded *defining(std::string_view symbol, RemoteAddr &address) const;
};

class Image {
public:
  /// `known`: those of other processes of the family; one is taken over if this process has loaded the same.
  /// Errors: gone, denied, malformed, unsupported.
  static Result<Image> read(const Target &target, const std::vector<std::shared_ptr<const ObjectSet>> &known);

  const Target &target() const { return *target_; }
  /// What was read once is not read again: an image is what the process was at one time.
  const RemoteMemory &memory() const { return *memory_; }
  const std::shared_ptr<const ObjectSet> &objects() const { return objects_; }
  const elf::Layout &layout() const { return *objects_->layout; }

  /// A code or data address by its object and, if `named`, its function.
  Frame frame(RemoteAddr address, bool named = true) const;
  Memory memory_at(RemoteAddr address) const;
  std::optional<SharedPlace> shared_at(RemoteAddr address) const;
  bool is_code(RemoteAddr address) const;
  /// File name of the object that holds the address; empty: none does.
  std::string object_at(RemoteAddr address) const;

private:
  Image(const Target &target) : target_(&target), memory_(std::make_unique<elf::PagedMemory>(target.memory())) {}
  const Target *target_;
  std::unique_ptr<elf::PagedMemory> memory_;
  std::shared_ptr<const ObjectSet> objects_;
};

} // namespace initorder::inspect
