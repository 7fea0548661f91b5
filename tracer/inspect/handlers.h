// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that the C library runs at fork and at exit. glibc keeps both lists in variables that have no symbol in a
// stripped library: the code of the functions that fill them says where they are, and what stands there must look like
// such a list in every part, or nothing is said.
#pragma once

#include "tracer/inspect/image.h"

namespace initorder::inspect {

/// Errors: unsupported (cannot tell).
Result<std::vector<Handler>> read_fork_handlers(const Image &image);

/// `descriptor`: of any thread of the process; the pointers are mangled with its guard. Errors: unsupported.
Result<std::vector<Handler>> read_exit_handlers(const Image &image, RemoteAddr descriptor);

} // namespace initorder::inspect
