// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Processes and threads that begin and end.
#include "tracer/process/thread_state.h"
#include "tracer/uprobes/clock.h"
#include "tracer/uprobes/session.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace initorder::uprobes {

void Session::forked(Watched &parent, const TaskEvent &event) {
  if (processes_.contains(event.pid))
    return; // found when we attached
  auto child = std::make_unique<Watched>(event.pid);
  child->number = trace::ProcessNumber{next_process_++};
  objects_.forked(parent, *child);
  const std::uint64_t ready = now();
  WatchedThread &forking = parent.threads[event.parent_thread];
  child->threads[event.tid].calls = forking.calls;
  out_.put(event.at, child->number, event.tid,
           trace::ProcessStarted{.how = trace::ProcessStarted::How::forked, .pid = event.pid, .parent = parent.number,
                                 .parent_thread = event.parent_thread});
  if (!forking.child_name.empty())
    out_.put(event.at, child->number, event.tid, trace::ProcessNamed{std::exchange(forking.child_name, {})});
  remark(*child, ready, fmt::format("what it called in its first {:.1f} ms, before it was followed, is not recorded",
                                    milliseconds_since(event.at)));
  processes_[event.pid] = std::move(child);
}

/// Whether a thread of it runs beside the first.
static bool others_run(pid_t pid) {
  std::error_code error;
  for (std::filesystem::directory_iterator task("/proc/" + std::to_string(pid) + "/task", error), end; !error && task != end;
       task.increment(error))
    if (const pid_t tid = std::atoi(task->path().filename().c_str()); tid != pid)
      if (const char state = state_of(tid).state; state != 0 && state != 'Z' && state != 'X')
        return true;
  return false;
}

void Session::thread_ended(Watched &process, const TaskEvent &event) {
  process.threads.erase(event.tid);
  process.last_seen = event.at;
  if (event.tid != event.pid)
    return out_.put(event.at, process.number, event.tid, trace::ThreadEnded{});
  // t0 a thread calls exit(); t1 the first ends of it; t2 we look, and others are still about to: tidy() looks again.
  if (!others_run(event.pid))
    return ended(process, event.at);
  process.is_headless = true;
  ++headless_;
  out_.put(event.at, process.number, event.tid, trace::ThreadEnded{});
  remark(process, event.at, "its first thread has ended, and others run on: what it loads from here on is not followed");
}

void Session::ended(Watched &process, std::uint64_t at) {
  out_.put(at, process.number, process.pid, trace::ProcessEnded{});
  for (const auto &file : process.files)
    stale_ -= file->stale.has_value();
  headless_ -= process.is_headless;
  armory_.disarm(process);
  processes_.erase(process.pid);
}

void Session::take(const TaskEvent &event) {
  if (event.kind == TaskEvent::Kind::missing) {
    if (!processes_.empty())
      remark(*processes_.begin()->second, now(), fmt::format("{} forks or ends on this machine are missing here", event.count));
    return;
  }
  const bool is_fork = event.kind == TaskEvent::Kind::began && event.parent != event.pid;
  const auto known = processes_.find(is_fork ? event.parent : event.pid);
  if (known == processes_.end())
    return;
  Watched &process = *known->second;
  if (event.kind == TaskEvent::Kind::ended)
    return thread_ended(process, event);
  if (is_fork)
    return forked(process, event);
  if (event.kind == TaskEvent::Kind::began)
    return out_.put(event.at, process.number, event.parent_thread, trace::ThreadStarted{event.tid});
  for (const auto &file : process.files)
    stale_ -= file->stale.has_value();
  armory_.disarm(process);
  process.files.clear();
  process.threads.clear();
  headless_ -= std::exchange(process.is_headless, false);
  remark(process, event.at, "it runs another program from here on: that is not followed");
}

void Session::tidy() {
  constexpr std::chrono::milliseconds kPatience{200}; // others will be used up too, and last returns come
  const auto time = std::chrono::steady_clock::now();
  std::vector<Watched *> over;
  for (const auto &[pid, process] : processes_)
    if (process->is_headless && !others_run(pid))
      over.push_back(process.get());
  for (Watched *process : over)
    ended(*process, process->last_seen);
  for (const auto &[pid, process] : processes_)
    for (const auto &file : process->files)
      if (file->stale && !process->is_headless && time - *file->stale >= kPatience) {
        --stale_;
        armory_.renew(*process, *file);
      }
  if (const std::uint64_t lost = armory_.lost(); lost > 0 && !processes_.empty())
    remark(*processes_.begin()->second, now(),
           fmt::format("{} calls or returns are missing here: they were not read in time, and the server does not wait", lost));
}

void Session::let_go() {
  for (const auto &[pid, process] : processes_)
    armory_.disarm(*process);
}

} // namespace initorder::uprobes
