// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/guardian_loop.h"

#include "tracer/process/guardian.h"
#include "tracer/process/message.h"
#include "tracer/process/signals.h"

#include <cerrno>
#include <csignal>

#include <poll.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder {
namespace {

constexpr int kUrgent = -10;      ///< a nice value: on a busy machine a stopped server must not wait for others
constexpr unsigned kOften = 32;   ///< stops, after which we look up from them

class Loop {
public:
  Loop(Family &family, const Watch &watch, Recorder &recorder, Outbox &outbox, Signals &signals)
      : family_(family), watch_(watch), recorder_(recorder), outbox_(outbox), signals_(signals) {}

  TraceEnd::Why run() {
    for (unsigned stops = 1; !family_.empty(); ++stops) {
      int status = 0;
      const pid_t tid = waitpid(-1, &status, __WALL | WNOHANG);
      if (tid < 0 && errno == ECHILD)
        break;
      if (tid > 0)
        family_.handle(tid, status);
      if (tid > 0 && watch_.enough())
        return leave(TraceEnd::Why::detached);
      if (tid > 0 && stops % kOften != 0)
        continue;
      if (tid == 0)
        family_.settle();
      if (const auto why = look_up(tid == 0))
        return leave(*why);
    }
    return TraceEnd::Why::all_ended;
  }

private:
  /// From the stops to all else. With `nothing_to_do`, until there is something. A value: the trace is to end, and why.
  std::optional<TraceEnd::Why> look_up(bool nothing_to_do) {
    recorder_.flush();
    outbox_.send();
    const short wanted = outbox_.is_empty() ? POLLRDHUP : POLLRDHUP | POLLOUT;
    pollfd watched[] = {{signals_.descriptor(), POLLIN, 0}, {outbox_.socket(), wanted, 0}};
    poll(watched, 2, nothing_to_do ? -1 : 0);
    if (watched[1].revents & (POLLRDHUP | POLLHUP | POLLERR))
      return TraceEnd::Why::interrupted; // the front is gone
    while (const auto signal = signals_.next()) {
      if (signal->ssi_signo == SIGALRM)
        return TraceEnd::Why::detached;
      if (signal->ssi_signo == SIGTERM)
        return TraceEnd::Why::interrupted;
    }
    return std::nullopt;
  }

  TraceEnd::Why leave(TraceEnd::Why why) {
    family_.detach();
    return why;
  }

  Family &family_;
  const Watch &watch_;
  Recorder &recorder_;
  Outbox &outbox_;
  Signals &signals_;
};

trace::Finished finished(TraceEnd::Why why) {
  switch (why) {
  case TraceEnd::Why::all_ended: return {trace::Finished::Why::all_ended};
  case TraceEnd::Why::detached: return {trace::Finished::Why::detached};
  case TraceEnd::Why::interrupted:
  case TraceEnd::Why::lost: break;
  }
  return {trace::Finished::Why::interrupted};
}

[[noreturn]] void say_last(Outbox &outbox, const std::string &message) {
  // From here nothing is ours in anybody's code.
  Lifeline::let_go(kLifeline);
  outbox.put(message);
  outbox.send();
  // Our end lets go of every thread: it must not wait for a reader. A child that traces nobody can.
  if (!outbox.is_empty() && fork() <= 0)
    outbox.send_all();
  _exit(0);
}

} // namespace

void guard(const FollowOptions &options, const HostPack *host, Start &start, CodeLedger &ledger) {
  Signals signals({SIGCHLD, SIGTERM, SIGALRM});
  pid_t pid = 0;
  if (read(kFrontSocket, &pid, sizeof pid) != sizeof pid)
    _exit(0);
  setpriority(PRIO_PROCESS, 0, kUrgent); // without the right to, as it is
  Outbox outbox(kFrontSocket);
  Recorder recorder(outbox);
  WatchContext context{.packs = *options.packs, .recorder = recorder, .probes = probes_of(*options.packs, nullptr)};
  Watch watch(context, host, options.until_phase);
  Family family(watch, ledger);
  Tracing tracing{outbox, recorder, context, host, family};
  const auto begun = start.begin(pid, tracing);
  if (!begun)
    say_last(outbox, error_message(begun.error()));
  if (!*begun)
    say_last(outbox, kNeverRanMessage);
  if (options.for_time) {
    const itimerval once{.it_interval = {}, .it_value = {.tv_sec = static_cast<time_t>(options.for_time->count()), .tv_usec = 0}};
    setitimer(ITIMER_REAL, &once, nullptr);
  }
  const TraceEnd::Why why = Loop(family, watch, recorder, outbox, signals).run();
  recorder.put({.what = finished(why)});
  recorder.flush();
  say_last(outbox, end_message(why));
}

} // namespace initorder
