// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// /etc/ld.so.cache: which file a library's name means to the loader of this machine.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace initorder::deployment {

/// Names to paths, for x86-64. What is no cache has none.
std::map<std::string, std::string> read_library_cache(std::string_view bytes);

} // namespace initorder::deployment
