// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/trace_command.h"

#include "tracer/process/began.h"
#include "tracer/process/follow.h"
#include "tracer/process/message.h"
#include "tracer/process/stop.h"

#include <cerrno>
#include <cstring>

#include <sys/ptrace.h>
#include <sys/wait.h>

namespace initorder {
namespace {

class Command final : public Start {
public:
  explicit Command(const TraceOptions &options) : options_(options) {}

  Result<pid_t> prepare(pid_t guardian, const InheritedSignals &signals) override {
    return launch_.prepare(options_.command, signals, guardian);
  }

  Result<bool> begin(pid_t pid, Tracing &tracing) override {
    if (ptrace(PTRACE_SEIZE, pid, nullptr, kSeizeOptions) != 0)
      return Error{Error::Kind::denied, options_.command.front(),
                   std::string("cannot trace it: ") + std::strerror(errno) +
                       "; another tracer, a container without CAP_SYS_PTRACE, or kernel.yama.ptrace_scope=3"};
    tracing.outbox.put(kSeizedMessage);
    tracing.outbox.send();
    int status = 0; // of its first stop: exec(), unless a signal came before it
    while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR) {
    }
    if (!WIFSTOPPED(status))
      return false;
    trace::Began began = began_now();
    began.command = options_.command;
    began.host = options_.host;
    tracing.recorder.put({.what = std::move(began)});
    tracing.family.adopt(pid);
    tracing.family.handle(pid, status);
    return true;
  }

  void seized() override { launch_.go(); }
  Error never_ran() override { return launch_.why_not(); }
  void give_up() override {
    launch_.give_up();
    waitpid(launch_.pid(), nullptr, 0);
  }
  bool shares_our_terminal() const override { return true; }

  /// It is our child, whoever traces it.
  void note_end(TraceEnd &end) const {
    int status = 0;
    if (waitpid(launch_.pid(), &status, end.why == TraceEnd::Why::all_ended ? 0 : WNOHANG) != launch_.pid())
      return;
    if (WIFEXITED(status))
      end.exit_status = WEXITSTATUS(status);
    if (WIFSIGNALED(status))
      end.signal = WTERMSIG(status);
  }

private:
  const TraceOptions &options_;
  Launch launch_;
};

} // namespace

Result<TraceEnd> trace_command(const TraceOptions &options, trace::Sink &sink) {
  if (auto checked = Launch::check(options.command); !checked)
    return checked.error();
  Command command(options);
  auto end = follow({.packs = options.packs, .host = options.host, .until_phase = options.until_phase,
                     .for_time = options.for_time, .names = options.names},
                    command, sink);
  if (end)
    command.note_end(*end);
  return end;
}

} // namespace initorder
