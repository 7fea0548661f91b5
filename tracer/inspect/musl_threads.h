// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// musl's threads and thread-specific values. musl describes them to nobody. Code that must know them says where the keys
// and a thread's values are: musl-1.2.3 src/thread/pthread_key_create.c, pthread_getspecific.c. A thread's structure begins with
// its own address, and leads to the next one's (musl-1.2.3 src/internal/pthread_impl.h, struct pthread; the list is there since
// 1.1.22): what is found by that look and has the tids of the process's threads is the list.
#pragma once

#include "tracer/inspect/read_threads.h"

namespace initorder::inspect {

struct MuslLayout {
  RemoteAddr keys{};     ///< of PTHREAD_KEYS_MAX destructors; NULL: the key is not in use
  RemoteAddr no_destructor{}; ///< stands for none
  std::uint64_t values_in_pthread = 0; ///< a pointer to the array of values
};

/// Whether the program's C library is musl.
bool has_musl(const Image &image);

/// Errors: unsupported.
Result<MuslLayout> musl_layout(const Image &image);

/// As those for glibc. Errors of the first: also unsupported (no thread was found).
Result<std::vector<Descriptor>> read_descriptors(const Image &image, const MuslLayout &layout);
Result<std::vector<Key>> read_keys(const Image &image, const MuslLayout &layout);
Result<std::vector<HeldValue>> read_values(const Image &image, const MuslLayout &layout, const Descriptor &thread,
                                           const std::vector<Key> &keys);

} // namespace initorder::inspect
