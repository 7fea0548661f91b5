// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/attach.h"

#include "tracer/process/began.h"
#include "tracer/process/hosts.h"
#include "tracer/process/seize.h"
#include "tracer/uprobes/follow.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace initorder {
namespace {

/// In a process that serves, what is called often is called for ever.
constexpr unsigned kMostCalls = 32;

class Running final : public Start {
public:
  explicit Running(pid_t pid) : pid_(pid) {}

  Result<pid_t> prepare(pid_t, const InheritedSignals &) override { return pid_; }

  Result<bool> begin(pid_t pid, Tracing &tracing) override {
    const auto seized = seize_family(pid);
    if (!seized)
      return seized.error();
    tracing.context.most_calls = kMostCalls;
    const pid_t first = seized->processes.front().pid;
    const HostPack *host = tracing.forced_host ? tracing.forced_host : host_of_process(tracing.context.packs, first);
    tracing.recorder.put({.what = began_with(first, host)});
    for (const SeizedProcess &process : seized->processes)
      tracing.family.attach(process.pid, process.parent, process.threads);
    for (const auto &[tid, status] : seized->stops)
      tracing.family.handle(tid, status);
    trace::Record remark{.thread = first};
    remark.what = trace::Remarked{fmt::format("all are attached; of each function the first {} calls in each process are recorded, or as "
                                              "many as its pack says", kMostCalls)};
    tracing.recorder.put(std::move(remark));
    return true;
  }

  bool shares_our_terminal() const override { return false; }

private:
  pid_t pid_;
};

} // namespace

Result<Via> choose(Via wanted) {
  if (wanted != Via::uprobes)
    return Via::breakpoints;
  const auto can = uprobes::can_follow();
  return can ? Result<Via>(Via::uprobes) : Error{can.error().kind, "--via uprobes", can.error().what};
}

Result<void> can_attach(const AttachOptions &options) {
  const auto via = choose(options.via);
  if (!via)
    return via.error();
  const auto family = check_family(options.pid);
  return family ? Result<void>() : family.error();
}

Result<TraceEnd> attach(const AttachOptions &options, trace::Sink &sink) {
  if (const auto checked = can_attach(options); !checked)
    return checked.error();
  if (options.via == Via::uprobes)
    return uprobes::follow(options.pid, options.follow, sink);
  Running start(options.pid);
  return follow(options.follow, start, sink);
}

} // namespace initorder
