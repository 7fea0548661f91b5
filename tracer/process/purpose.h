// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Why a thread is to stop at an address.
#pragma once

#include <cstdint>

namespace initorder {

struct Purpose {
  enum class Kind : std::uint8_t {
    objects_changed, ///< the dynamic loader has added or removed objects
    probe,           ///< a function that a library pack names; `index` of the probe
    phase,           ///< a function of the host that opens a phase; `index` of its name
    entry,           ///< a module's function: `index` of the module in the process, `detail` of the entry
    named_entry,     ///< a module's function that the host finds by name: `detail` of the phase
    constructor,     ///< an object's constructor: `index` of the object's name
  };
  Kind kind = Kind::probe;
  std::uint32_t index = 0;
  std::uint32_t detail = 0;

  friend bool operator==(const Purpose &, const Purpose &) = default;
};

} // namespace initorder
