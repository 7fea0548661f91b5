// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/hosts.h"

#include "tracer/inspect/proc_files.h"

#include <algorithm>
#include <filesystem>

namespace initorder {

Result<const HostPack *> host_named(const Packs &packs, const std::string &name) {
  if (name.empty())
    return nullptr;
  const auto found = std::ranges::find(packs.hosts, name, &HostPack::name);
  if (found == packs.hosts.end())
    return Error{Error::Kind::unknown, name, "no such host pack; --pack FILE adds one"};
  return &*found;
}

const HostPack *host_of_program(const Packs &packs, const std::string &program) {
  const std::string name = std::filesystem::path(program).filename();
  for (const HostPack &host : packs.hosts)
    if (std::ranges::find(host.trace.programs, name) != host.trace.programs.end())
      return &host;
  return nullptr;
}

const HostPack *host_of_process(const Packs &packs, pid_t pid) {
  std::error_code error;
  return host_of_program(packs, std::filesystem::read_symlink(inspect::proc(pid, "exe"), error).string());
}

} // namespace initorder
