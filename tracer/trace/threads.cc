// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/threads.h"

#include <algorithm>

namespace initorder::trace {
namespace {

constexpr std::string_view kStart = "thread.start";
constexpr std::string_view kJoin = "thread.join";

template <class Life, class Lives> Life *last_before(Lives &lives, std::uint64_t time) {
  const auto later = std::ranges::upper_bound(lives, time, {}, &ThreadLife::began);
  return later == lives.begin() ? nullptr : &*std::prev(later);
}

} // namespace

Threads::Threads(const std::vector<Record> &records, const Processes &processes, const Calls &calls)
    : processes_(processes) {
  for (const Record &record : records) {
    const Key thread{record.process, record.thread};
    if (const auto *started = std::get_if<ThreadStarted>(&record.what)) {
      lives_[{record.process, started->started}].push_back({.began = record.number});
      starts_[thread].emplace_back(record.number, started->started);
    } else if (std::holds_alternative<ThreadEnded>(record.what)) {
      if (ThreadLife *life = life_at(thread, record.number))
        life->ended = record.number;
    } else if (const auto *process = std::get_if<ProcessStarted>(&record.what); process && process->parent) {
      // A child that becomes another program leaves nothing of this one behind.
      const Process *child = processes.find(record.process);
      if (child && !child->executed && process->how != ProcessStarted::How::vforked)
        forks_[*process->parent].push_back(record.number);
    }
  }

  // A join names a handle, which the call that started the thread gave.
  std::map<std::pair<ProcessNumber, std::int64_t>, Key> handles;
  for (const Call &call : calls.all()) {
    if (call.failed || !call.function || !call.function->resource || (!call.has(kStart) && !call.has(kJoin)))
      continue;
    const std::optional<std::int64_t> handle = call.handle(*call.function->resource);
    if (!handle)
      continue;
    const std::pair by_handle(call.record->process, *handle);
    if (call.has(kStart)) {
      if (const std::optional<Key> thread = thread_started_by(call))
        handles.insert_or_assign(by_handle, *thread);
    } else if (const auto thread = handles.find(by_handle); thread != handles.end() && call.return_record) {
      if (ThreadLife *life = life_at(thread->second, call.record->number))
        life->joined = call.return_record->number;
    }
  }

  for (auto &[thread, lives] : lives_)
    for (ThreadLife &life : lives) {
      const std::optional<std::uint64_t> over = life.ended ? life.ended : life.joined;
      const std::optional<std::uint64_t> fork = next_fork(thread.first, life.began);
      if (over && (!fork || *over < *fork))
        life.role = ThreadRole::temporary;
    }
}

ThreadLife *Threads::life_at(const Key &thread, std::uint64_t time) {
  const auto lives = lives_.find(thread);
  return lives == lives_.end() ? nullptr : last_before<ThreadLife>(lives->second, time);
}

std::optional<Threads::Key> Threads::thread_started_by(const Call &call) const {
  const auto starts = starts_.find({call.record->process, call.record->thread});
  if (starts == starts_.end())
    return std::nullopt;
  const auto first =
      std::ranges::upper_bound(starts->second, call.record->number, {}, [](const auto &start) { return start.first; });
  if (first == starts->second.end() || (call.return_record && first->first > call.return_record->number))
    return std::nullopt;
  return Key{call.record->process, first->second};
}

const ThreadLife *Threads::started_by(const Call &call) const {
  const std::optional<Key> thread = thread_started_by(call);
  const auto lives = thread ? lives_.find(*thread) : lives_.end();
  if (lives == lives_.end())
    return nullptr;
  const auto life = std::ranges::upper_bound(lives->second, call.record->number, {}, &ThreadLife::began);
  return life == lives->second.end() ? nullptr : &*life;
}

std::optional<std::uint64_t> Threads::next_fork(ProcessNumber process, std::uint64_t time) const {
  const auto forks = forks_.find(process);
  if (forks == forks_.end())
    return std::nullopt;
  const auto next = std::ranges::upper_bound(forks->second, time);
  return next == forks->second.end() ? std::nullopt : std::optional(*next);
}

ThreadRole Threads::role_of(const Record &record) const {
  const Process *process = processes_.find(record.process);
  if (!process || record.thread == process->started.pid)
    return ThreadRole::main;
  const auto lives = lives_.find({record.process, record.thread});
  if (lives == lives_.end())
    return ThreadRole::other; // it was there before the tracer
  const ThreadLife *life = last_before<const ThreadLife>(lives->second, record.number);
  return life ? life->role : ThreadRole::other;
}

} // namespace initorder::trace
