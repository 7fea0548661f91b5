// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/front.h"

#include "tracer/process/message.h"
#include "tracer/process/record_bytes.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder {

constexpr int kBatchMilliseconds = 10;

void Front::run() {
  do {
    wait(POLLIN, -1);
    wait(0, kBatchMilliseconds); // more comes together with it, and the processor is the server's meanwhile
  } while (take_more());
}

void Front::wait(short wanted, int milliseconds) {
  pollfd watched[] = {{signals_.descriptor(), POLLIN, 0}, {socket_, wanted, 0}};
  do {
    poll(watched, 2, milliseconds);
    while (const auto signal = signals_.next())
      told(*signal);
  } while (watched[1].revents == 0 && milliseconds < 0);
}

void Front::told(const signalfd_siginfo &signal) {
  if (signal.ssi_signo == SIGCHLD) {
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(guardian_), &info, WSTOPPED | WNOHANG) == 0 && info.si_pid == guardian_)
      kill(guardian_, SIGCONT); // stopped, it would stop the server
    return;
  }
  // From the terminal, a server that is in it gets it too, and ends as it sees fit: that belongs to the trace.
  if (signal.ssi_signo == SIGTERM || signal.ssi_code != SI_KERNEL || !start_.shares_our_terminal())
    kill(guardian_, SIGTERM);
}

bool Front::take_more() {
  char bytes[64 * 1024];
  const ssize_t got = read(socket_, bytes, sizeof bytes);
  if (got <= 0)
    return got < 0 && (errno == EINTR || errno == EAGAIN);
  buffer_.append(bytes, static_cast<std::size_t>(got));
  std::string_view rest = buffer_;
  for (std::uint32_t length = 0; rest.size() >= sizeof length; rest.remove_prefix(sizeof length + length)) {
    std::memcpy(&length, rest.data(), sizeof length);
    if (rest.size() - sizeof length < length)
      break;
    take(rest.substr(sizeof length, length));
  }
  buffer_.erase(0, buffer_.size() - rest.size());
  return true;
}

void Front::take(std::string_view message) {
  const std::string kind(message.substr(0, 1));
  message.remove_prefix(std::min<std::size_t>(message.size(), 1));
  if (kind == kRecordMessage)
    record(message);
  else if (kind == kSeizedMessage)
    start_.seized();
  else if (kind == kNeverRanMessage)
    error_ = start_.never_ran();
  else if (kind == kErrorMessage)
    error_ = error_of(message);
  else if (kind == kEndMessage)
    end_ = end_of(message);
}

void Front::record(std::string_view bytes) {
  auto read = record_of_bytes(bytes);
  if (!read) {
    read = next_record();
    read->what = trace::Remarked{"a record was lost between our two processes"};
  }
  latest_ = {.at = read->at, .process = read->process, .thread = read->thread};
  next_ = read->number + 1;
  sink_.take(*read);
}

} // namespace initorder
