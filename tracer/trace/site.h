// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where a library was entered. What is measured deep inside it (a thread-specific value is set) was asked for outside:
//
//   [0] CRYPTO_THREAD_set_local  libcrypto.so.3   called
//   [1] RAND_bytes_ex            libcrypto.so.3
//   [2] SSL_CTX_new              libssl.so.3      the call that is shown
//   [3] -                        tls.so           its site
#pragma once

#include "rules/library_pack.h"
#include "tracer/trace/calls.h"

#include <vector>

namespace initorder::trace {

struct Site {
  /// The innermost frame outside the library; null: the stack ends before.
  const Frame *caller = nullptr;
  std::string call; ///< the function of the library that it calls
};

/// Frames belong to the library of the call if their object does: that of the called function, those that its pack
/// names, and those that were entered through a function that its pack names. So do frames of a library that only runs
/// a callback for it (pthread_once()). A copy of the function that was linked into another object is no reason to take
/// that object for the library's.
Site site_of(const Called &called, const Calls &calls, const std::vector<LibraryPack> &libraries);

} // namespace initorder::trace
