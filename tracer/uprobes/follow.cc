// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/uprobes/follow.h"

#include "tracer/inspect/family.h"
#include "tracer/process/began.h"
#include "tracer/process/hosts.h"
#include "tracer/process/names.h"
#include "tracer/process/signals.h"
#include "tracer/process/thread_state.h"
#include "tracer/uprobes/clock.h"
#include "tracer/uprobes/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include <poll.h>

namespace initorder::uprobes {
namespace {

/// In a process that serves, what is called often is called for ever.
constexpr unsigned kMostCalls = 32;
/// A record that is begun on one CPU is finished within this.
constexpr std::uint64_t kSettled = 2'000'000;

/// All that the kernel has told. Forks and hits come by different ways:
///   t0 a process calls; t1 it forks, or ends; t2 we read t1; t3 we read t0: hence hits are read before t1 is acted on.
///   t0 we act on a fork; t1 the child calls; t2 it ends: hence they are read again before an end is.
void drain(Kernel &kernel, TaskEvents &tasks, Session &session) {
  std::vector<TaskEvent> events;
  tasks.drain([&](const TaskEvent &event) { events.push_back(event); });
  const auto ends = std::stable_partition(events.begin(), events.end(), [](const TaskEvent &event) {
    return event.kind == TaskEvent::Kind::began || event.kind == TaskEvent::Kind::missing;
  });
  const auto take_hits = [&] { kernel.drain([&](const Hit &hit) { session.take(hit); }); };
  take_hits();
  std::for_each(events.begin(), ends, [&](const TaskEvent &event) { session.take(event); });
  if (!events.empty())
    take_hits();
  std::for_each(ends, events.end(), [&](const TaskEvent &event) { session.take(event); });
}

/// Until it is over; why.
TraceEnd::Why run(const FollowOptions &options, Kernel &kernel, TaskEvents &tasks, Session &session, InOrder &out) {
  Signals signals({SIGINT, SIGTERM, SIGHUP});
  const auto began = std::chrono::steady_clock::now();
  std::vector<pollfd> watched{{signals.descriptor(), POLLIN, 0}, {kernel.descriptor(), POLLIN, 0}};
  for (const int descriptor : tasks.descriptors())
    watched.push_back({descriptor, POLLIN, 0});
  for (;;) {
    poll(watched.data(), watched.size(), out.empty() ? session.is_stale() ? 100 : 500 : 3);
    const std::uint64_t time = now();
    drain(kernel, tasks, session);
    session.tidy();
    out.pass_on(time - kSettled);
    if (signals.next())
      return TraceEnd::Why::interrupted;
    if (session.all_ended())
      return TraceEnd::Why::all_ended;
    if (options.for_time && std::chrono::steady_clock::now() - began >= *options.for_time)
      return TraceEnd::Why::detached;
  }
}

trace::Finished::Why finished(TraceEnd::Why why) {
  return why == TraceEnd::Why::all_ended    ? trace::Finished::Why::all_ended
         : why == TraceEnd::Why::interrupted ? trace::Finished::Why::interrupted
                                             : trace::Finished::Why::detached;
}

} // namespace

Result<void> can_follow() {
  if (const auto tasks = TaskEvents::open(); !tasks)
    return tasks.error();
  const auto kernel = Kernel::open();
  return kernel ? Result<void>() : kernel.error();
}

Result<TraceEnd> follow(pid_t pid, const FollowOptions &options, trace::Sink &sink) {
  if (!options.until_phase.empty())
    return Error{Error::Kind::unsupported, "", "--until: phases are seen by --via breakpoints only"};
  // Forks are listened to before the family is listed: none is missed between.
  auto tasks = TaskEvents::open();
  if (!tasks)
    return tasks.error();
  auto kernel = Kernel::open();
  if (!kernel)
    return kernel.error();
  const std::vector<pid_t> family = inspect::family_of(pid);
  const auto named = host_named(*options.packs, options.host);
  if (!named)
    return named.error();
  const HostPack *host = *named ? *named : host_of_process(*options.packs, family.front());
  const std::vector<Probe> probes = probes_of(*options.packs, host);

  Names names(sink);
  InOrder out(options.names ? names : sink, now());
  TraceEnd end;
  {
    Session session(probes, host, kMostCalls, *kernel, out);
    out.put(now(), {}, family.front(), began_with(family.front(), host));
    for (const pid_t one : family)
      session.attach(one, state_of(one).parent);
    out.put(now(), {}, family.front(), trace::Remarked{"followed by kernel uprobes: calls stand in no phase"});
    end.why = run(options, *kernel, *tasks, session, out);
    session.let_go();
    drain(*kernel, *tasks, session);
  }
  // From here the kernel has taken everything away.
  out.put(now(), {}, family.front(), trace::Finished{finished(end.why)});
  out.pass_on(now());
  return end;
}

} // namespace initorder::uprobes
