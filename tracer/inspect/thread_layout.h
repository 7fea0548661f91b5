// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How this process's C library lays out threads and thread-specific values. glibc describes it for debuggers in
// constants of its own, _thread_db_*: glibc-2.36 nptl_db/structs.def, nptl/libpthread.a: nptl_db's db_info.c. So no version is
// known here, and no debug symbol is needed.
#pragma once

#include "tracer/inspect/image.h"

#include <cstdint>
#include <vector>

namespace initorder::inspect {

struct ThreadLayout {
  std::vector<RemoteAddr> stack_lists; ///< heads of the lists of struct pthread: _dl_stack_used, _dl_stack_user
  std::uint64_t list_in_pthread = 0;
  std::uint64_t next_in_list = 0;
  std::uint64_t tid_in_pthread = 0;
  std::uint64_t start_in_pthread = 0;
  std::uint64_t sizeof_pthread = 0;
  /// Keys.
  RemoteAddr keys{};
  std::uint64_t key_count = 0, sizeof_key = 0, sequence_in_key = 0, destructor_in_key = 0;
  /// Values: two levels, blocks of data.
  std::uint64_t blocks_in_pthread = 0, block_count = 0;
  std::uint64_t data_in_block = 0, data_per_block = 0, sizeof_data = 0, sequence_in_data = 0, value_in_data = 0;
};

/// Errors: unsupported (another C library, a static program, a glibc that says nothing), malformed.
Result<ThreadLayout> thread_layout(const Image &image);

} // namespace initorder::inspect
