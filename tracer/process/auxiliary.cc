// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/auxiliary.h"

#include <array>
#include <fstream>
#include <string>

#include <elf.h>

namespace initorder {

Auxiliary read_auxiliary(pid_t pid) {
  Auxiliary out;
  std::ifstream file("/proc/" + std::to_string(pid) + "/auxv", std::ios::binary);
  std::array<std::uint64_t, 2> pair{};
  while (file.read(reinterpret_cast<char *>(pair.data()), sizeof pair)) {
    if (pair[0] == AT_ENTRY)
      out.entry = pair[1];
    if (pair[0] == AT_BASE)
      out.loader_base = pair[1];
  }
  return out;
}

} // namespace initorder
