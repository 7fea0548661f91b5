// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/judge.h"

#include "tracer/trace/objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace initorder::inspect {
namespace {

/// Why one thread waits, as far as that is known.
struct Reason {
  std::string where, because;
  friend bool operator==(const Reason &, const Reason &) = default;
};

/// The outermost function of the library, by which the thread came into it.
std::string entered_through(const std::vector<Frame> &stack, const std::string &object) {
  const auto frame = std::find_if(stack.rbegin(), stack.rend(), [&](const Frame &frame) {
    return !frame.function.empty() && trace::base_name(frame.object) == object;
  });
  return frame == stack.rend() ? "" : frame->function;
}

/// It waits inside the library that has lost its value.
std::optional<Reason> robbed(const Process &process, const Thread &thread) {
  for (const unsigned number : process.robbed_of) {
    const auto key = std::ranges::find(process.keys, number, &Key::number);
    const std::string where =
        key == process.keys.end() || !thread.is_first ? "" : entered_through(thread.stack, key->object);
    if (!where.empty())
      return Reason{where, fmt::format("their {} was cleared", key->name)};
  }
  return std::nullopt;
}

std::optional<Reason> reason_of(const Process &process, const Thread &thread) {
  if (!thread.wait)
    return std::nullopt;
  if (const auto found = robbed(process, thread))
    return found;
  const Wait &wait = *thread.wait;
  if (wait.owner_is != Wait::Owner::nowhere)
    return std::nullopt;
  const std::string entered = wait.lock.empty() ? "" : entered_through(thread.stack, wait.lock_object);
  return Reason{entered.empty() ? wait.in : entered,
                fmt::format("for {} whose holder does not exist there: it was copied by fork while it was held",
                            wait.lock.empty() ? "a lock" : "the " + wait.lock)};
}

} // namespace

std::vector<StuckGroup> stuck_groups(const Family &family) {
  std::vector<std::pair<Reason, std::set<const Process *>>> by_reason;
  for (const Process &process : family.processes)
    for (const Thread &thread : process.threads)
      if (const auto reason = reason_of(process, thread)) {
        auto known = std::ranges::find(by_reason, *reason, &std::pair<Reason, std::set<const Process *>>::first);
        if (known == by_reason.end())
          known = by_reason.insert(known, {*reason, {}});
        known->second.insert(&process);
      }
  std::vector<StuckGroup> out;
  for (const auto &[reason, processes] : by_reason) {
    const bool workers = std::ranges::none_of(processes, &Process::is_main);
    out.push_back({fmt::format("{} {}{} wait{}", processes.size(), workers ? "worker" : "process",
                               processes.size() == 1 ? "" : (workers ? "s" : "es"), processes.size() == 1 ? "s" : ""),
                   reason.where,
                   reason.because,
                   {processes.begin(), processes.end()}});
    std::ranges::sort(out.back().processes, {}, &Process::pid);
  }
  return out;
}

} // namespace initorder::inspect
