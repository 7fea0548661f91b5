// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/library_locks.h"

#include "tracer/inspect/waits.h"
#include "tracer/trace/objects.h"

#include <algorithm>
#include <thread>

namespace initorder::inspect {
namespace {

constexpr std::uint64_t kSizeOfCondition = 48; // glibc-2.36 sysdeps/nptl/bits/pthreadtypes.h, pthread_cond_t on x86-64

bool is_for(const Wait &wait, const LockVariable &variable) {
  const std::uint64_t condition = number(variable.at) + variable.lock->condition;
  return wait.address >= condition && wait.address - condition < kSizeOfCondition;
}

/// The pthread_t of the thread that has it, read from the process as it is now; none: nobody has it, or cannot tell.
std::optional<std::uint64_t> holder_of(const RemoteMemory &memory, const LockVariable &variable) {
  const auto locked = read_object<std::int32_t>(memory, variable.at + variable.lock->locked);
  if (!locked || *locked == 0)
    return std::nullopt;
  std::uint64_t at = number(variable.at);
  for (const unsigned offset : variable.lock->holder) {
    const auto next = read_object<std::uint64_t>(memory, RemoteAddr{at} + offset);
    if (!next)
      return std::nullopt;
    at = *next;
  }
  return at;
}

/// Who has it while this thread waits for it. A lock that changes hands is nobody's.
std::optional<std::uint64_t> kept_by(const Target &target, const TargetThread &waiter, const Wait &wait,
                                     const LockVariable &variable) {
  if (waiter.registers)
    return holder_of(target.memory(), variable); // it stands
  for (int look = 0; look < kMostLooks; ++look) {
    const auto before = holder_of(target.memory(), variable);
    std::this_thread::sleep_for(kBetweenLooks);
    const auto asleep = target.asleep_now(waiter);
    if (before && before == holder_of(target.memory(), variable) && asleep &&
        asleep->arguments[0] == wait.address)
      return before;
  }
  return std::nullopt;
}

void find_holder(std::uint64_t holder, const Process *main, const Process &process, Wait &wait) {
  const auto find = [&](const Process &in) { return std::ranges::find(in.threads, holder, &Thread::descriptor); };
  if (const auto here = find(process); here != process.threads.end()) {
    wait.owner = here->inner_tid;
    wait.owner_is = Wait::Owner::here;
  } else if (main && find(*main) != main->threads.end()) {
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

void name_locks(const Image &image, const std::vector<LockVariable> &variables, const Process *main, Process &process) {
  for (std::size_t i = 0; i < process.threads.size(); ++i) { // they are the target's, in its order
    std::optional<Wait> &wait = process.threads[i].wait;
    const auto variable = !wait ? variables.end() : std::ranges::find_if(variables, [&](const LockVariable &one) {
      return is_for(*wait, one);
    });
    if (variable == variables.end())
      continue;
    wait->lock = variable->lock->name;
    wait->lock_object = variable->object;
    if (const auto holder = kept_by(image.target(), image.target().threads[i], *wait, *variable))
      find_holder(*holder, main, process, *wait);
  }
}

} // namespace initorder::inspect
