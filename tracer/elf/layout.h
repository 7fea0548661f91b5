// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "tracer/elf/unwind.h"

#include <libunwind.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

namespace initorder::elf {

/// One PT_LOAD where it lies in a process.
struct Placed {
  std::uint64_t begin;
  std::uint64_t end;         ///< exclusive
  std::string_view constant; ///< the file's bytes, if the process cannot change them; else empty
  const Loaded *object;
};

struct AddressSpaceEnd {
  void operator()(unw_addr_space_t space) const noexcept { unw_destroy_addr_space(space); }
};
/// libunwind's cache of rows. An address leads to the same row for as long as the same object lies there.
using AddressSpace = std::shared_ptr<std::remove_pointer_t<unw_addr_space_t>>;
AddressSpace make_address_space();

struct Placement {
  std::vector<Loaded> objects;
  std::vector<Placed> placed; ///< by address

  explicit Placement(std::vector<Loaded> loaded);
  const Placed *at(std::uint64_t address) const;
  /// Whether every object of `other` lies here as it does there.
  bool includes(const Placement &other) const;
};

struct Layout::Parts : Placement {
  using Placement::Placement;
  AddressSpace space;
};

} // namespace initorder::elf
