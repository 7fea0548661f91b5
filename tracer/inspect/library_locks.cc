// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/library_locks.h"

#include "tracer/trace/objects.h"

#include <algorithm>

namespace initorder::inspect {
namespace {

constexpr std::uint64_t kSizeOfCondition = 48; // glibc-2.36 sysdeps/nptl/bits/pthreadtypes.h, pthread_cond_t on x86-64

bool is_for(const Wait &wait, const LockVariable &variable) {
  const std::uint64_t condition = number(variable.at) + variable.lock->condition;
  return wait.address >= condition && wait.address - condition < kSizeOfCondition;
}

/// One thread's time with the lock.
struct Hold {
  std::uint64_t thread = 0;  ///< its pthread_t
  std::uint64_t changes = 0; ///< tells this time from another one of the same thread
  friend bool operator==(const Hold &, const Hold &) = default;
};

/// Read from the process as it is now. None: nobody has it, or cannot tell.
std::optional<Hold> hold_of(const RemoteMemory &memory, const LockVariable &variable) {
  const auto locked = read_object<std::int32_t>(memory, variable.at + variable.lock->locked);
  const auto changes = read_object<std::uint64_t>(memory, variable.at + variable.lock->changes);
  const auto thread = follow(memory, variable.at, variable.lock->holder);
  if (!locked || !changes || !thread || *locked == 0 || *thread == RemoteAddr{})
    return std::nullopt;
  return Hold{number(*thread), *changes};
}

/// The holder of one lock, and which threads wait for it meanwhile.
class Holder {
public:
  Holder(const Target &target, const LockVariable &variable, const Process &process)
      : target_(target), variable_(variable), process_(process) {}

  /// Looks until all `waiters` (by number) have been seen to wait while one and the same thread had the lock. Those who
  /// were not need not wait for that one. None of them: the lock changes hands.
  std::vector<std::size_t> seen_waiting(const std::vector<std::size_t> &waiters, Patience &patience) {
    std::vector<std::size_t> out;
    for (int look = 0; look < kMostLooks && out.size() < waiters.size(); ++look) {
      const auto before = hold_of(target_.memory(), variable_);
      if (!target_.stands() && !patience.wait_a_moment())
        break;
      std::vector<std::size_t> now;
      std::ranges::copy_if(waiters, std::back_inserter(now), [&](std::size_t waiter) { return still_waits(waiter); });
      if (!before || (before != hold_ && !holder_waits_as_told(*before)) || before != hold_of(target_.memory(), variable_))
        continue;
      if (before != hold_)
        out.clear();
      hold_ = before;
      for (const std::size_t waiter : now)
        if (std::ranges::find(out, waiter) == out.end())
          out.push_back(waiter);
    }
    return out;
  }

  std::uint64_t thread() const { return hold_->thread; }

private:
  bool still_waits(std::size_t number) const {
    const auto asleep = target_.asleep_now(target_.threads[number]);
    return asleep && asleep->arguments[0] == process_.threads[number].wait->address;
  }

  /// What is told of the holder, if it waits itself, was so while it had the lock: else threads that take turns would seem
  /// to wait for each other.
  bool holder_waits_as_told(const Hold &hold) const {
    const auto holder = std::ranges::find(process_.threads, hold.thread, &Thread::descriptor);
    return holder == process_.threads.end() || !holder->wait ||
           still_waits(static_cast<std::size_t>(holder - process_.threads.begin()));
  }

  const Target &target_;
  const LockVariable &variable_;
  const Process &process_;
  std::optional<Hold> hold_;
};

/// Whether the thread's structure is a copy that fork() made: glibc-2.36 nptl/nptl-stack.c, reclaim_stacks: tid = 0. Where a
/// new thread has taken its place it has a tid again.
bool is_copy(const Image &image, const ThreadLayout &layout, std::uint64_t thread) {
  const auto tid = read_object<std::int32_t>(image.target().memory(), RemoteAddr{thread} + layout.tid_in_pthread);
  return tid && *tid == 0;
}

void tell_holder(const Image &image, const ThreadLayout &layout, std::uint64_t holder, const Process *main,
                 const Process &process, Wait &wait) {
  const auto find = [&](const Process &in) { return std::ranges::find(in.threads, holder, &Thread::descriptor); };
  if (const auto here = find(process); here != process.threads.end()) {
    wait.owner = here->inner_tid;
    wait.owner_is = Wait::Owner::here;
  } else if (main && find(*main) != main->threads.end() && is_copy(image, layout, holder)) {
    wait.owner = find(*main)->inner_tid; // it had the lock when the process was forked
    wait.owner_is = Wait::Owner::nowhere;
  }
}

} // namespace

std::vector<LockVariable> find_lock_variables(const Image &image, const std::vector<LibraryPack> &libraries) {
  std::vector<LockVariable> out;
  for (const LibraryPack &library : libraries)
    for (const LibraryLock &lock : library.locks)
      for (const elf::Loaded &loaded : image.objects()->objects) {
        const bool fits = std::ranges::find(lock.objects, trace::stem_of(loaded.path)) != lock.objects.end();
        if (const auto variable = fits && loaded.object ? loaded.object->find(lock.variable) : std::nullopt)
          out.push_back({at(variable->address, loaded.bias) + lock.offset, &lock, std::string(trace::base_name(loaded.path))});
      }
  return out;
}

void name_locks(const Image &image, const std::vector<LockVariable> &variables, const ThreadLayout &layout,
                const Process *main, Patience &patience, Process &process) {
  for (const LockVariable &variable : variables) {
    std::vector<std::size_t> waiters;
    for (std::size_t i = 0; i < process.threads.size(); ++i) // they are the target's, in its order
      if (std::optional<Wait> &wait = process.threads[i].wait; wait && is_for(*wait, variable)) {
        wait->lock = variable.lock->name;
        wait->lock_object = variable.object;
        waiters.push_back(i);
      }
    Holder holder(image.target(), variable, process);
    for (const std::size_t waiter : holder.seen_waiting(waiters, patience))
      tell_holder(image, layout, holder.thread(), main, process, *process.threads[waiter].wait);
  }
}

} // namespace initorder::inspect
