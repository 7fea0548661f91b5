// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/elf/process_memory.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

namespace initorder::elf {

namespace {

/// Bytes read and, if that is not all, why it ended (errno).
struct Outcome {
  std::size_t done = 0;
  int why = 0;
};

/// One call of `read_more` after the other until all is read or no more comes.
template <class Read> Outcome read_on(RemoteAddr from, std::span<std::byte> out, Read read_more) {
  Outcome outcome;
  while (outcome.done < out.size()) {
    const ssize_t got = read_more(from + outcome.done, out.subspan(outcome.done));
    if (got > 0) {
      outcome.done += static_cast<std::size_t>(got);
    } else if (got == 0 || errno != EINTR) {
      outcome.why = got == 0 ? EFAULT : errno;
      break;
    }
  }
  return outcome;
}

Outcome by_call(pid_t process, RemoteAddr from, std::span<std::byte> out) {
  return read_on(from, out, [process](RemoteAddr at, std::span<std::byte> rest) {
    const iovec local{rest.data(), rest.size()};
    const iovec remote{reinterpret_cast<void *>(number(at)), rest.size()};
    return ::process_vm_readv(process, &local, 1, &remote, 1, 0);
  });
}

Outcome by_file(pid_t process, RemoteAddr from, std::span<std::byte> out) {
  const int file = ::open(fmt::format("/proc/{}/mem", process).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return {0, errno == ENOENT ? ESRCH : errno};
  auto outcome = read_on(from, out, [file](RemoteAddr at, std::span<std::byte> rest) {
    return ::pread(file, rest.data(), rest.size(), static_cast<off_t>(number(at)));
  });
  ::close(file);
  return outcome;
}

Outcome read_either(pid_t process, RemoteAddr from, std::span<std::byte> out) {
  const auto first = by_call(process, from, out);
  if (first.done == out.size() || first.why == ESRCH)
    return first;
  auto second = by_file(process, from + first.done, out.subspan(first.done));
  // The call's reason is the better one: the file calls all that it cannot read an I/O error.
  if (second.done == 0 && first.why != ENOSYS)
    second.why = first.why;
  return {first.done + second.done, second.why};
}

} // namespace

std::size_t ProcessMemory::read_some(RemoteAddr from, std::span<std::byte> out) const {
  return read_either(process_, from, out).done;
}

Result<void> ProcessMemory::read(RemoteAddr from, std::span<std::byte> out) const {
  const auto outcome = read_either(process_, from, out);
  if (outcome.done == out.size())
    return {};
  const auto kind = outcome.why == ESRCH                            ? Error::Kind::gone
                    : outcome.why == EPERM || outcome.why == EACCES ? Error::Kind::denied
                                                                    : Error::Kind::malformed;
  return Error{
      kind, fmt::format("process {}", process_),
      fmt::format("{} bytes at {:#x} cannot be read: {}", out.size(), number(from), std::strerror(outcome.why))};
}

} // namespace initorder::elf
