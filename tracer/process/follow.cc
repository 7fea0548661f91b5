// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/follow.h"

#include "tracer/process/front.h"
#include "tracer/process/guardian.h"
#include "tracer/process/guardian_loop.h"
#include "tracer/process/hosts.h"
#include "tracer/process/names.h"
#include "tracer/process/rescue.h"

#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder {

static void wait_for(pid_t child) {
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result<TraceEnd> follow(const FollowOptions &options, Start &start, trace::Sink &sink) {
  const auto host = host_named(*options.packs, options.host);
  if (!host)
    return host.error();
  const auto ledger = CodeLedger::make();
  if (!ledger)
    return ledger.error();
  // From here on signals to us are waited for, not delivered: a Ctrl-C is the server's, and must not cut the trace short.
  Signals signals({SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT});
  int ends[2];
  const auto lifeline = Lifeline::make();
  if (!lifeline || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return Error{Error::Kind::denied, "", std::string("cannot make a socket: ") + std::strerror(errno)};
  const pid_t front_pid = getpid();
  const pid_t guardian = fork();
  if (guardian == 0) {
    if (become_guardian(ends[1], *lifeline, front_pid))
      guard(options, *host, start, **ledger);
    _exit(0);
  }
  close(ends[1]);
  lifeline->guardian_is_forked();
  if (guardian < 0)
    return close(ends[0]), Error{Error::Kind::denied, "", std::string("cannot make a process: ") + std::strerror(errno)};

  const auto pid = start.prepare(guardian, signals.before());
  if (pid)
    send(ends[0], &*pid, sizeof *pid, MSG_NOSIGNAL);
  else
    shutdown(ends[0], SHUT_RDWR);
  Rescue rescue(*lifeline, **ledger); // no process is made by us after this
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
    say_what_is_lost(front.next_record(), restored, sink);
  return TraceEnd{.why = is_lost ? TraceEnd::Why::lost : *front.end()};
}

} // namespace initorder
