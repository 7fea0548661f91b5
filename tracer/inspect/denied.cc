// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernel asks the same of all of it, maps, auxv and memory: PTRACE_MODE_ATTACH or _READ (ptrace(2), "Ptrace access
// mode checking").
#include "tracer/inspect/denied.h"

#include "tracer/inspect/proc_files.h"

#include <fmt/format.h>

#include <cstdlib>

#include <sys/stat.h>
#include <unistd.h>

namespace initorder::inspect {
namespace {

constexpr unsigned kPtrace = 19; // CAP_SYS_PTRACE, capabilities(7)

bool may_trace_all() {
  const std::string status = read_file("/proc/self/status");
  const auto line = status.find("\nCapEff:");
  return line != status.npos && (std::strtoull(status.c_str() + line + 8, nullptr, 16) >> kPtrace & 1) != 0;
}

bool in_our_user_namespace(pid_t pid) {
  struct stat own {}, other {};
  return ::stat("/proc/self/ns/user", &own) != 0 || ::stat(proc(pid, "ns/user").c_str(), &other) != 0 ||
         own.st_ino == other.st_ino;
}

} // namespace

Error denied(pid_t pid) {
  const std::string where = fmt::format("process {}", pid);
  const auto refuse = [&](std::string what) { return Error{Error::Kind::denied, where, std::move(what)}; };
  struct stat status {};
  if (::stat(("/proc/" + std::to_string(pid)).c_str(), &status) != 0)
    return {Error::Kind::gone, where, "there is no such process"};
  if (may_trace_all())
    return refuse(in_our_user_namespace(pid)
                      ? "may not be looked at although we have CAP_SYS_PTRACE: a security module (SELinux, AppArmor) or a "
                        "seccomp filter of our own container says no; run on the host, outside of the container"
                      : "is in another user namespace: run as root of the host");
  if (const std::string scope = first_line(read_file("/proc/sys/kernel/yama/ptrace_scope")); scope == "3")
    return refuse("Yama forbids it to all (kernel.yama.ptrace_scope is 3 until the next boot)");
  else if (status.st_uid == ::geteuid() && scope != "" && scope != "0")
    return refuse(fmt::format("Yama allows it only to a parent, or with CAP_SYS_PTRACE (kernel.yama.ptrace_scope is {}): "
                              "run with sudo, or grant it: setcap cap_sys_ptrace=ep initorder",
                              scope));
  return refuse("needs CAP_SYS_PTRACE: run with sudo; in a container: --cap-add SYS_PTRACE --pid container:NAME");
}

} // namespace initorder::inspect
