// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The C library's own account of its threads, keys and values.
#pragma once

#include "tracer/inspect/thread_layout.h"

#include <vector>

namespace initorder::inspect {

/// One struct pthread, by its address.
struct Descriptor {
  RemoteAddr address{};
  std::int32_t tid = 0; ///< as the process counts: of its own pid namespace
  RemoteAddr start{};
};

/// At most 65,536. Errors: malformed (a list without an end), gone, denied.
Result<std::vector<Descriptor>> read_descriptors(const Image &image, const ThreadLayout &layout);

/// The keys in use, by number.
Result<std::vector<Key>> read_keys(const Image &image, const ThreadLayout &layout);

/// What a thread holds of these keys. Values of a key that has been given back and taken again are no values.
Result<std::vector<HeldValue>> read_values(const Image &image, const ThreadLayout &layout, const Descriptor &thread,
                                           const std::vector<Key> &keys);

} // namespace initorder::inspect
