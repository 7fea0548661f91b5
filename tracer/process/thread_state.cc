// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/thread_state.h"

#include <cstdlib>
#include <fstream>
#include <string>

namespace initorder {

ThreadState state_of(pid_t tid) {
  ThreadState out;
  std::ifstream status("/proc/" + std::to_string(tid) + "/status");
  for (std::string line; std::getline(status, line);) {
    const auto colon = line.find(":\t");
    if (colon == line.npos)
      continue;
    const std::string name = line.substr(0, colon);
    const char *value = line.c_str() + colon + 2;
    if (name == "State")
      out.state = *value;
    else if (name == "Tgid")
      out.process = std::atoi(value);
    else if (name == "PPid")
      out.parent = std::atoi(value);
    else if (name == "TracerPid")
      out.tracer = std::atoi(value);
    else if (name == "SigPnd")
      out.pending = std::strtoull(value, nullptr, 16);
  }
  return out;
}

} // namespace initorder
