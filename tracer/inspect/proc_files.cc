// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/proc_files.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace initorder::inspect {

std::string proc(pid_t pid, const char *what) {
  return "/proc/" + std::to_string(pid) + "/" + what;
}

std::string read_file(const std::string &path) {
  constexpr std::size_t most = 1 << 20, chunk = 4096;
  std::string out;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return out;
  while (out.size() < most) {
    const std::size_t had = out.size();
    out.resize(had + chunk);
    const ssize_t got = ::read(file, out.data() + had, chunk);
    out.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got == 0 || (got < 0 && errno != EINTR))
      break;
  }
  ::close(file);
  return out;
}

std::string first_line(const std::string &text) {
  return text.substr(0, text.find('\n'));
}

std::vector<std::string> command_of(pid_t pid) {
  std::vector<std::string> out(1);
  for (const char c : read_file(proc(pid, "cmdline")))
    if (c == '\0')
      out.emplace_back();
    else
      out.back() += c;
  while (out.size() > 1 && out.back().empty())
    out.pop_back();
  return out;
}

} // namespace initorder::inspect
