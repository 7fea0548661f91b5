// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whose an object file is, and how a place in it is called.
#pragma once

#include "rules/library_pack.h"
#include "tracer/trace/record.h"

#include <string>
#include <string_view>
#include <vector>

namespace initorder::trace {

/// "/usr/lib/x/libcrypto.so.3" -> "libcrypto.so.3".
std::string_view base_name(std::string_view path);

/// "/usr/lib/x/libcrypto.so.3" -> "libcrypto"; a program's name as it is.
std::string_view stem_of(std::string_view path);

/// Whether this is one of the library's own shared objects, by the pack's `objects`.
bool is_object_of(const LibraryPack &library, std::string_view path);

/// The linkage unit: a module's name, or "core" for a program.
std::string unit_of(std::string_view path);

/// The line if DWARF gives it, else "tls.so+0x1a2b" without a line.
SourcePlace place_of(const Frame &frame);

} // namespace initorder::trace
