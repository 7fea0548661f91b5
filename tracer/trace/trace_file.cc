// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/trace_file.h"

#include "tracer/trace/record_line.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

namespace initorder::trace {
namespace {

Error::Kind kind_of(int sys_errno) {
  switch (sys_errno) {
  case ENOENT:
  case ENOTDIR:
    return Error::Kind::gone;
  case EACCES:
  case EPERM:
  case EROFS:
    return Error::Kind::denied;
  case EISDIR:
    return Error::Kind::malformed;
  default:
    return Error::Kind::unsupported;
  }
}

/// While it lives, this thread gets no SIGPIPE for writing to a pipe that nobody reads: write(2) says EPIPE. The
/// process's own way to treat that signal is left alone, since the traced program inherits it.
class NoPipeSignal {
public:
  NoPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoPipeSignal(const NoPipeSignal &) = delete;
  NoPipeSignal &operator=(const NoPipeSignal &) = delete;
  ~NoPipeSignal() {
    const timespec now{};
    if (!was_pending_)
      while (sigtimedwait(&pipe_, nullptr, &now) < 0 && errno == EINTR) {
      }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

private:
  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

/// 0, or the errno of what went wrong.
int write_all(int fd, std::string_view text) {
  const NoPipeSignal quiet;
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR)
      return errno;
    if (written > 0)
      text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

} // namespace

Result<std::unique_ptr<TraceFile>> TraceFile::create(const std::filesystem::path &path, OnError on_error) {
  const int fd = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC | O_NOCTTY, 0666);
  if (fd < 0)
    return Error{kind_of(errno), path.string(), std::string("cannot be written: ") + std::strerror(errno)};
  return std::unique_ptr<TraceFile>(new TraceFile(path, fd, std::move(on_error)));
}

TraceFile::~TraceFile() {
  ::close(fd_);
}

void TraceFile::take(const Record &record) {
  if (failed_)
    return;
  const int sys_errno = write_all(fd_, line_of(record) + '\n');
  if (sys_errno == 0)
    return;
  // A line that was begun is the last one: after it nothing could be read.
  failed_ = true;
  on_error_({kind_of(sys_errno), path_.string(),
             std::string("cannot be written any more (") + std::strerror(sys_errno) +
                 "): the trace ends here, the server goes on"});
}

} // namespace initorder::trace
