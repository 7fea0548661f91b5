// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/follow.h"

#include "tracer/process/guardian.h"
#include "tracer/process/guardian_loop.h"
#include "tracer/process/message.h"
#include "tracer/process/names.h"
#include "tracer/process/record_bytes.h"
#include "tracer/process/signals.h"

#include <fmt/chrono.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder {
namespace {

/// What the user names, or null.
Result<const HostPack *> find_host(const Packs &packs, const std::string &name) {
  if (name.empty())
    return nullptr;
  for (const HostPack &host : packs.hosts)
    if (host.name == name)
      return &host;
  return Error{Error::Kind::unknown, name, "no such host pack; 'initorder rules' needs --pack FILE for one of your own"};
}

/// "2026-11-22T18:25:37.123Z"
std::string utc_now() {
  const auto now = std::chrono::system_clock::now();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), milliseconds);
}

/// Takes what the guardian says, and passes on signals to it, until it ends.
class Front {
public:
  Front(pid_t guardian, int socket, Signals &signals, Start &start, trace::Sink &sink)
      : guardian_(guardian), socket_(socket), signals_(signals), start_(start), sink_(sink) {}

  void run() {
    do {
      wait(POLLIN, -1);
      wait(0, kBatchMilliseconds); // more comes together with it, and the processor is the server's meanwhile
    } while (take_more());
  }
  const std::optional<TraceEnd::Why> &end() const { return end_; }
  const std::optional<Error> &error() const { return error_; }
  /// The record after the last.
  trace::Record next_record() const {
    return {.number = next_, .at = latest_.at, .process = latest_.process, .thread = latest_.thread};
  }

private:
  static constexpr int kBatchMilliseconds = 10;

  void wait(short wanted, int milliseconds) {
    pollfd watched[] = {{signals_.descriptor(), POLLIN, 0}, {socket_, wanted, 0}};
    do {
      poll(watched, 2, milliseconds);
      while (const auto signal = signals_.next())
        told(*signal);
    } while (watched[1].revents == 0 && milliseconds < 0);
  }

  void told(const signalfd_siginfo &signal) {
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

  bool take_more() {
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

  void take(std::string_view message) {
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

  void record(std::string_view bytes) {
    auto read = record_of_bytes(bytes);
    if (!read) {
      read = next_record();
      read->what = trace::Remarked{"a record was lost between our two processes"};
    }
    latest_ = {.at = read->at, .process = read->process, .thread = read->thread};
    next_ = read->number + 1;
    sink_.take(*read);
  }

  pid_t guardian_;
  int socket_;
  Signals &signals_;
  Start &start_;
  trace::Sink &sink_;
  std::string buffer_;
  std::optional<TraceEnd::Why> end_;
  std::optional<Error> error_;
  trace::Record latest_;
  std::uint64_t next_ = 0;
};

void wait_for(pid_t child) {
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

/// Puts the code right as soon as the guardian is gone without having done so, whatever else the front is busy with.
class Rescue {
public:
  /// `lifeline`: its other end is the guardian's, who writes a byte to it when it has nothing in anybody's code any more.
  Rescue(int lifeline, const CodeLedger &ledger)
      : thread_([this, lifeline, &ledger] {
          setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kUrgent);
          char done = 0;
          ssize_t got = 0;
          while ((got = read(lifeline, &done, 1)) < 0 && errno == EINTR) {
          }
          if (got == 0)
            restored_ = ledger.restore();
        }) {}
  CodeLedger::Restored wait() {
    thread_.join();
    return restored_;
  }

private:
  static constexpr int kUrgent = -20;
  CodeLedger::Restored restored_;
  std::thread thread_;
};

/// The guardian was killed. `restored` is what was done about it.
void say_what_is_lost(const Front &front, const CodeLedger::Restored &restored, trace::Sink &sink) {
  trace::Record remark = front.next_record();
  remark.what = trace::Remarked{fmt::format(
      "{} was killed: {} of code in {} processes were put back at once; a thread that stood at a breakpoint, or came to one before "
      "that, has died of SIGTRAP; what the server did since is not in the trace",
      kGuardianName, restored.bytes == 1 ? "1 byte" : fmt::format("{} bytes", restored.bytes), restored.processes)};
  sink.take(remark);
  trace::Record last = front.next_record();
  last.number = remark.number + 1;
  last.what = trace::Finished{trace::Finished::Why::interrupted};
  sink.take(last);
}

} // namespace

trace::Began began_now() {
  utsname system{};
  uname(&system);
  return {.version = INITORDER_VERSION, .started = utc_now(), .machine = system.machine,
          .system = std::string(system.sysname) + " " + system.release};
}

Result<TraceEnd> follow(const FollowOptions &options, Start &start, trace::Sink &sink) {
  const auto host = find_host(*options.packs, options.host);
  if (!host)
    return host.error();
  const auto ledger = CodeLedger::make();
  if (!ledger)
    return ledger.error();
  // From here on signals to us are waited for, not delivered: a Ctrl-C is the server's, and must not cut the trace short.
  Signals signals({SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT});
  int ends[2];
  Pipe lifeline;
  if (lifeline.ends[0] < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return Error{Error::Kind::denied, "", std::string("cannot make a socket: ") + std::strerror(errno)};
  const pid_t front_pid = getpid();
  const pid_t guardian = fork();
  if (guardian == 0) {
    if (become_guardian(ends[1], lifeline.ends[1], front_pid))
      guard(options, *host, start, **ledger);
    _exit(0);
  }
  close(ends[1]);
  lifeline.close_end(1);
  if (guardian < 0)
    return close(ends[0]), Error{Error::Kind::denied, "", std::string("cannot make a process: ") + std::strerror(errno)};

  const auto pid = start.prepare(guardian, signals.before());
  if (pid)
    send(ends[0], &*pid, sizeof *pid, MSG_NOSIGNAL);
  else
    shutdown(ends[0], SHUT_RDWR);
  Rescue rescue(lifeline.ends[0], **ledger); // no process is made by us after this
  Names names(sink);
  Front front(guardian, ends[0], signals, start, options.names ? names : sink);
  front.run();
  const CodeLedger::Restored restored = rescue.wait();
  const bool is_lost = pid && !front.end() && !front.error();
  wait_for(guardian);
  close(ends[0]);
  if (!pid)
    return pid.error();
  if (front.error()) {
    start.give_up();
    return *front.error();
  }
  if (is_lost)
    say_what_is_lost(front, restored, sink);
  return TraceEnd{.why = is_lost ? TraceEnd::Why::lost : *front.end()};
}

} // namespace initorder
