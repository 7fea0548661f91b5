// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/read_trace.h"

#include "tracer/trace/record_line.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

namespace initorder::trace {
namespace {

constexpr std::size_t kLongestLine = 1 << 20;
constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr std::size_t kMostRecords = 2'000'000;

/// An open file, read line by line.
class Lines {
public:
  enum class Got { line, cut_off, end, too_long, failed };

  explicit Lines(int fd) : fd_(fd) {}
  Lines(const Lines &) = delete;
  Lines &operator=(const Lines &) = delete;
  ~Lines() {
    if (fd_ > STDIN_FILENO)
      ::close(fd_);
  }

  /// The next line without its newline; a last one without a newline is cut off.
  Got next(std::string &line) {
    for (std::size_t searched = at_;;) {
      if (const std::size_t end = buffer_.find('\n', searched); end != std::string::npos) {
        if (end - at_ > kLongestLine)
          return Got::too_long;
        line.assign(buffer_, at_, end - at_);
        at_ = end + 1;
        return Got::line;
      }
      if (buffer_.size() - at_ > kLongestLine)
        return Got::too_long;
      buffer_.erase(0, at_);
      at_ = 0;
      searched = buffer_.size();
      const ssize_t got = read_more();
      if (got < 0)
        return Got::failed;
      if (got == 0) {
        line = std::move(buffer_);
        buffer_.clear();
        return line.empty() ? Got::end : Got::cut_off;
      }
    }
  }
  std::size_t bytes() const { return bytes_; }

private:
  ssize_t read_more() {
    char piece[64 * 1024];
    ssize_t got = 0;
    do
      got = ::read(fd_, piece, sizeof piece);
    while (got < 0 && errno == EINTR);
    if (got > 0) {
      buffer_.append(piece, static_cast<std::size_t>(got));
      bytes_ += static_cast<std::size_t>(got);
    }
    return got;
  }

  int fd_;
  std::string buffer_;
  std::size_t at_ = 0; ///< where the next line begins
  std::size_t bytes_ = 0;
};

Error cannot_read(const std::string &name, int sys_errno) {
  const Error::Kind kind = sys_errno == EACCES || sys_errno == EPERM ? Error::Kind::denied
                           : sys_errno == EISDIR                     ? Error::Kind::malformed
                                                                     : Error::Kind::gone;
  return {kind, name, std::string("cannot be read: ") + std::strerror(sys_errno)};
}

/// Whether this is the first line of a trace of this or another schema.
bool is_header(const std::string &line) {
  return line.starts_with('{') && line.find("\"initorder-trace\"") != std::string::npos;
}

} // namespace

Result<Trace> read_trace(const std::filesystem::path &path) {
  const std::string name = path == "-" ? "standard input" : path.string();
  const int fd = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return cannot_read(name, errno);
  Lines lines(fd);
  Trace trace;
  std::string line;
  for (std::size_t number = 1;; ++number) {
    const std::string where = name + ":" + std::to_string(number);
    const Lines::Got got = lines.next(line);
    if (got == Lines::Got::failed)
      return cannot_read(name, errno);
    if (got == Lines::Got::end)
      break;
    if (number == 1 && !is_header(line))
      return Error{Error::Kind::malformed, name, "is no trace of initorder: its first line does not say so"};
    if (got == Lines::Got::too_long)
      return Error{Error::Kind::malformed, where, "is no record of a trace: longer than 1 MiB"};
    if (lines.bytes() > kMostBytes || trace.records.size() >= kMostRecords)
      return Error{Error::Kind::unsupported, where,
                   "the trace is larger than this program reads (1 GiB, 2 million records)"};
    Result<Record> record = record_of(line);
    if (!record && got == Lines::Got::cut_off && number > 1) {
      trace.cut_off = true;
      break;
    }
    if (!record)
      return Error{record.error().kind, where, record.error().what};
    if ((number == 1) != std::holds_alternative<Began>(record->what))
      return Error{Error::Kind::malformed, where, "only the first record of a trace says that it began"};
    trace.records.push_back(std::move(*record));
  }
  if (trace.records.empty())
    return Error{Error::Kind::malformed, name, "is no trace of initorder: it is empty"};
  return trace;
}

} // namespace initorder::trace
