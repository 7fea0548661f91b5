// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/began.h"

#include "tracer/inspect/proc_files.h"

#include <fmt/chrono.h>

#include <chrono>

#include <sys/utsname.h>

namespace initorder {

/// "2026-11-22T18:25:37.123Z"
static std::string utc_now() {
  const auto now = std::chrono::system_clock::now();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), milliseconds);
}

trace::Began began_now() {
  utsname system{};
  uname(&system);
  return {.version = INITORDER_VERSION, .started = utc_now(), .machine = system.machine,
          .system = std::string(system.sysname) + " " + system.release};
}

trace::Began began_with(pid_t first, const HostPack *host) {
  trace::Began out = began_now();
  out.command = inspect::command_of(first);
  out.host = host ? host->name : "";
  return out;
}

} // namespace initorder
