// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/judge.h"

#include "rules/engine.h"
#include "tracer/trace/objects.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace initorder::inspect {
namespace {

using State = ObservedState::State;

std::string count(std::size_t number) {
  return number == 1 ? "1 process" : fmt::format("{} processes", number);
}

std::string place_of(const HeldValue &held) {
  return held.shared ? fmt::format("{:#x} in shared memory {}", held.value, held.shared->name)
                     : fmt::format("{:#x}", held.value);
}

/// Those that take part, as steps of the finding's path: the main process, then the workers together.
std::vector<PathStep> steps(const std::vector<const Process *> &processes, const std::string &text) {
  std::vector<PathStep> out;
  std::vector<std::int32_t> workers;
  for (const Process *process : processes)
    if (process->is_main)
      out.push_back({{fmt::format("process {}", process->pid)}, "main process", text});
    else
      workers.push_back(process->pid);
  if (!workers.empty())
    out.push_back({{fmt::format("{} worker{}", workers.size(), workers.size() == 1 ? "" : "s")}, "",
                   fmt::format("{}: {}", text, fmt::join(workers, " "))});
  return out;
}

std::string text_of(const Wait &wait) {
  return fmt::format("waits for {}{:#x} in {}, held by thread {}", wait.lock.empty() ? "" : "the " + wait.lock + " at ",
                     wait.address, wait.in, wait.owner);
}

class Sequence {
public:
  Sequence(const Family &family, const std::vector<LibraryPack> &libraries)
      : family_(family), libraries_(libraries), rows_(key_rows(family)) {}

  EventSequence build() {
    for (const KeyRow &row : rows_) {
      if (row.shared)
        add_shared(row);
      add_lost(row);
    }
    add_missing_threads();
    add_waits();
    add_cycles();
    add_connections();
    return std::move(out_);
  }

private:
  const ObservedState *state(State wanted, const std::string &library) const {
    for (const LibraryPack &pack : libraries_)
      if (library.empty() || pack.name == library)
        for (const ObservedState &one : pack.states)
          if (one.state == wanted)
            return &one;
    return nullptr;
  }

  Event event_of(const ObservedState &state, const std::string &library) const {
    Event out;
    out.effect = state.effect;
    out.library = library;
    out.why = state.why;
    out.source = state.source;
    return out;
  }

  Event event_of(const ObservedState &state, const Key &key) const {
    Event out = event_of(state, key.library);
    out.call = key.name.empty() ? fmt::format("key {}", key.number) : fmt::format("{}, key {}", key.name, key.number);
    out.object = key.object;
    out.site = {key.object.empty() ? fmt::format("key {}", key.number) : key.object};
    return out;
  }

  void add_shared(const KeyRow &row) {
    const ObservedState *found = row.key.library.empty() ? nullptr : state(State::value_shared, row.key.library);
    if (!found)
      found = state(State::unknown_value_shared, "");
    if (!found)
      return;
    Event event = event_of(*found, row.key);
    event.why = fmt::format("{} hold {}: {}", count(row.sharers.size()), place_of(*row.shared), found->why);
    event.path = steps(row.sharers, "holds it");
    out_.events.push_back(std::move(event));
  }

  /// Whether, in the same worker, a value of another owner is gone as well that it must have inherited: someone clears
  /// keys by number there.
  bool others_lost(const KeyRow &row, const Process &process) const {
    return std::ranges::any_of(rows_, [&](const KeyRow &other) {
      return !same_key(other.key, row.key) && !other.key.library.empty() &&
             std::ranges::find(other.without, &process) != other.without.end();
    });
  }

  void add_lost(const KeyRow &row) {
    const bool is_known = !row.key.library.empty();
    const ObservedState *found = is_known ? state(State::value_lost, row.key.library) : state(State::unknown_value_lost, "");
    if (!found)
      return; // a library that makes its value anew
    std::vector<const Process *> robbed = row.robbed;
    if (!is_known)
      std::ranges::copy_if(row.without, std::back_inserter(robbed),
                           [&](const Process *process) { return others_lost(row, *process); });
    if (robbed.empty())
      return;
    Event event = event_of(*found, row.key);
    event.certainty = is_known ? Certainty::always : Certainty::maybe;
    event.path = steps(robbed, "has lost it");
    event.why = fmt::format("{} of {} workers no longer hold what they inherited: {}", robbed.size(),
                            family_.processes.size() - 1, found->why);
    out_.events.push_back(std::move(event));
  }

  void add_missing_threads() {
    const ObservedState *found = state(State::thread_missing, "");
    if (!found || family_.processes.empty())
      return;
    for (const Thread &thread : family_.processes.front().threads) {
      Event event = event_of(*found, "pthread");
      std::vector<const Process *> without;
      for (const Process &process : family_.processes)
        if (std::ranges::find(process.copied_threads, thread.descriptor) != process.copied_threads.end())
          without.push_back(&process);
      if (without.empty())
        continue;
      event.path = steps(without, "has a copy of its stack, and not the thread");
      const Frame &routine = *thread.routine;
      event.call = routine.function.empty() ? trace::place_of(routine).file : routine.function;
      event.object = trace::base_name(routine.object);
      event.site = trace::place_of(routine);
      event.why = fmt::format("thread {} of the main process{}: {}", thread.tid,
                              thread.name.empty() ? "" : fmt::format(" ('{}')", thread.name), found->why);
      out_.events.push_back(std::move(event));
    }
  }

  void add_waits();
  void add_cycles();
  void add_connections();

  const Family &family_;
  const std::vector<LibraryPack> &libraries_;
  std::vector<KeyRow> rows_;
  EventSequence out_;
};

void Sequence::add_waits() {
  const ObservedState *found = state(State::lock_inherited, "");
  if (!found)
    return;
  for (const Process &process : family_.processes)
    for (const Thread &thread : process.threads) {
      if (!thread.wait || thread.wait->owner_is != Wait::Owner::nowhere)
        continue;
      Event event = event_of(*found, "pthread");
      event.call = fmt::format("process {}", process.pid);
      event.site = {thread.wait->lock.empty() ? fmt::format("lock {:#x}", thread.wait->address) : thread.wait->lock_object};
      event.path = steps({&process}, text_of(*thread.wait));
      out_.events.push_back(std::move(event));
    }
}

/// Each thread waits for at most one lock, and a lock has at most one owner: whoever walks on from waiter to owner comes
/// to an end or back.
void Sequence::add_cycles() {
  const ObservedState *found = state(State::lock_cycle, "");
  using Waiter = std::pair<const Process *, const Thread *>;
  std::set<const Thread *> told;
  const auto owner_of = [&](const Waiter &waiter) -> Waiter {
    const Wait *wait = waiter.second->wait ? &*waiter.second->wait : nullptr;
    if (!wait || (wait->owner_is != Wait::Owner::here && wait->owner_is != Wait::Owner::other_process))
      return {};
    for (const Process &process : family_.processes)
      if (wait->owner_is == Wait::Owner::other_process || &process == waiter.first)
        for (const Thread &thread : process.threads)
          if (thread.inner_tid == wait->owner)
            return {&process, &thread};
    return {};
  };
  for (const Process &process : family_.processes)
    for (const Thread &thread : process.threads) {
      std::vector<Waiter> way;
      for (Waiter at{&process, &thread}; at.second && !told.contains(at.second); at = owner_of(at)) {
        way.push_back(at);
        told.insert(at.second);
        const Waiter next = owner_of(at);
        const auto begin = std::ranges::find(way, next);
        // A thread that has a library's lock and waits for it, because it no longer finds what it has: that is told
        // already.
        const bool is_told = next == at && at.second->is_first && !at.second->wait->lock.empty() && !at.first->robbed_of.empty();
        if (!found || begin == way.end() || is_told)
          continue;
        Event event = event_of(*found, "pthread");
        event.call = fmt::format("{} thread{}", way.end() - begin, way.end() - begin == 1 ? "" : "s");
        event.site = {fmt::format("lock {:#x}", begin->second->wait->address)};
        for (auto one = begin; one != way.end(); ++one)
          event.path.push_back({{fmt::format("process {}", one->first->pid)},
                                fmt::format("thread {}", one->second->tid),
                                text_of(*one->second->wait)});
        out_.events.push_back(std::move(event));
        break;
      }
    }
}

void Sequence::add_connections() {
  const ObservedState *found = state(State::connection_shared, "");
  if (!found)
    return;
  for (const SharedConnection &connection : family_.connections) {
    std::vector<const Process *> holders;
    for (const Process &process : family_.processes)
      if (std::ranges::find(connection.holders, process.pid) != connection.holders.end())
        holders.push_back(&process);
    Event event = event_of(*found, "libc");
    event.certainty = connection.sure ? Certainty::always : Certainty::maybe;
    event.call = fmt::format("{} to {}", connection.local, connection.remote);
    event.site = {connection.remote};
    event.path = steps(holders, fmt::format("has it as descriptor {}", connection.descriptor));
    event.why = fmt::format("{} hold socket {} as descriptor {}: {}", count(holders.size()), connection.inode,
                            connection.descriptor, found->why);
    out_.events.push_back(std::move(event));
  }
}

} // namespace

EventSequence sequence_of(const Family &family, const std::vector<LibraryPack> &libraries) {
  return Sequence(family, libraries).build();
}

std::vector<Finding> judge_family(const Family &family, const Packs &packs, const std::vector<Check> &checks) {
  static const HostPack kNoHost;
  const auto host = std::ranges::find(packs.hosts, family.host, &HostPack::name);
  return judge({sequence_of(family, packs.libraries)}, checks, host == packs.hosts.end() ? kNoHost : *host);
}

} // namespace initorder::inspect
