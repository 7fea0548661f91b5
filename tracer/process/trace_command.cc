// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/trace_command.h"

#include "tracer/process/launch.h"
#include "tracer/process/signals.h"
#include "tracer/process/watch.h"

#include <fmt/chrono.h>

#include <cerrno>
#include <chrono>

#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder {
namespace {

constexpr int kUrgent = -10; ///< a nice value, for the thread that drives ptrace alone

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

trace::Began began(const TraceOptions &options) {
  utsname system{};
  uname(&system);
  return {.version = INITORDER_VERSION, .started = utc_now(), .command = options.command, .host = options.host,
          .machine = system.machine, .system = std::string(system.sysname) + " " + system.release};
}

/// On a busy machine a stopped server must not wait for others before we let it go on. Without the right to, as it is.
class Hurry {
public:
  Hurry() : before_(getpriority(PRIO_PROCESS, thread())) { setpriority(PRIO_PROCESS, thread(), kUrgent); }
  ~Hurry() { setpriority(PRIO_PROCESS, thread(), before_); }
  Hurry(const Hurry &) = delete;

private:
  static id_t thread() { return static_cast<id_t>(gettid()); }
  const int before_;
};

/// Waits for the family until it ends, the watcher has seen enough, or a signal to us says so.
class Loop {
public:
  Loop(Family &family, const Watch &watch, Signals &signals, pid_t launched)
      : family_(family), watch_(watch), signals_(signals), launched_(launched) {}

  TraceEnd run() {
    while (!family_.empty()) {
      int status = 0;
      const pid_t tid = waitpid(-1, &status, __WALL | WNOHANG);
      if (tid > 0) {
        if (tid == launched_)
          note_end(status);
        family_.handle(tid, status);
        if (watch_.enough())
          return leave(TraceEnd::Why::detached);
      } else if (tid < 0 && errno == ECHILD) {
        break;
      } else if (const auto why = signals_.wait()) {
        return leave(*why);
      }
    }
    return end_;
  }

private:
  void note_end(int status) {
    if (WIFEXITED(status))
      end_.exit_status = WEXITSTATUS(status);
    if (WIFSIGNALED(status))
      end_.signal = WTERMSIG(status);
  }
  TraceEnd leave(TraceEnd::Why why) {
    family_.detach();
    end_.why = why;
    return end_;
  }

  Family &family_;
  const Watch &watch_;
  Signals &signals_;
  pid_t launched_;
  TraceEnd end_{.why = TraceEnd::Why::all_ended};
};

trace::Finished finished(TraceEnd::Why why) {
  switch (why) {
  case TraceEnd::Why::all_ended: return {trace::Finished::Why::all_ended};
  case TraceEnd::Why::detached: return {trace::Finished::Why::detached};
  case TraceEnd::Why::interrupted: break;
  }
  return {trace::Finished::Why::interrupted};
}

} // namespace

Result<TraceEnd> trace_command(const TraceOptions &options, trace::Sink &sink) {
  const auto host = find_host(*options.packs, options.host);
  if (!host)
    return host.error();
  // From here on signals to us are waited for, not delivered: a Ctrl-C is the server's, and must not cut the trace short.
  Signals signals(options.for_time);
  const auto launched = launch(options.command, signals.before());
  if (!launched)
    return launched.error();

  Recorder recorder(sink, options.names);
  WatchContext context{.packs = *options.packs, .recorder = recorder, .probes = probes_of(*options.packs, nullptr)};
  Watch watch(context, *host, options.until_phase);
  Family family(watch);
  const Hurry hurry;
  recorder.put({.what = began(options)});
  family.adopt(launched->pid);
  family.handle(launched->pid, launched->status);
  const TraceEnd end = Loop(family, watch, signals, launched->pid).run();
  recorder.put({.what = finished(end.why)});
  recorder.finish();
  return end;
}

} // namespace initorder
