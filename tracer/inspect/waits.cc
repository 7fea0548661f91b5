// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/waits.h"

#include "tracer/inspect/read_code.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <thread>

#include <linux/futex.h>
#include <sys/syscall.h>

namespace initorder::inspect {
namespace {

constexpr unsigned kMostFrames = 64;

/// Calls in which a server's threads sleep; others are told by number.
std::string name_of_call(std::int64_t number) {
  constexpr std::pair<std::int64_t, const char *> names[] = {
      {SYS_futex, "futex"},       {SYS_read, "read"},           {SYS_recvfrom, "recvfrom"},
      {SYS_recvmsg, "recvmsg"},   {SYS_poll, "poll"},           {SYS_ppoll, "ppoll"},
      {SYS_select, "select"},     {SYS_pselect6, "pselect6"},   {SYS_epoll_wait, "epoll_wait"},
      {SYS_pause, "pause"},       {SYS_nanosleep, "nanosleep"}, {SYS_clock_nanosleep, "clock_nanosleep"},
      {SYS_wait4, "wait4"},       {SYS_accept, "accept"},       {SYS_rt_sigtimedwait, "rt_sigtimedwait"},
      {SYS_flock, "flock"},       {SYS_semop, "semop"},         {SYS_epoll_pwait, "epoll_pwait"}};
  for (const auto &[known, name] : names)
    if (known == number)
      return name;
  return number < 0 ? "" : "system call " + std::to_string(number);
}

bool is_futex_wait(const Asleep &asleep) {
  const auto command = static_cast<int>(asleep.arguments[1]) & FUTEX_CMD_MASK;
  return asleep.system_call == SYS_futex && (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET ||
                                             command == FUTEX_LOCK_PI || command == FUTEX_LOCK_PI2);
}

/// A frame without a name of its own (the rarely run part of a function that stands elsewhere, or a stripped one that
/// was jumped to) has the name by which its caller called it.
void name_by_caller(const Image &image, RemoteAddr return_address, Frame &frame) {
  const auto callee = called_from(image, return_address);
  if (!callee)
    return;
  const Frame called = image.frame(*callee);
  if (called.object == frame.object && called.into == 0)
    frame.function = called.function;
}

std::vector<Frame> stack_of(const Image &image, const TargetThread &thread) {
  elf::UnwindRegisters registers;
  if (thread.registers) {
    registers = *thread.registers;
  } else {
    registers.value[7] = number(thread.asleep->sp);
    registers.value[16] = number(thread.asleep->pc);
  }
  std::vector<Frame> out;
  for (const RemoteAddr address : image.layout().stack(registers, image.target().memory(), kMostFrames)) {
    if (out.empty()) {
      out.push_back(image.frame(address));
      continue;
    }
    if (out.back().function.empty())
      name_by_caller(image, address, out.back());
    // A return address may be the first of the next function.
    Frame frame = image.frame(address + ~0ull);
    ++frame.offset;
    frame.into += frame.function.empty() ? 0 : 1;
    out.push_back(std::move(frame));
  }
  return out;
}

/// The function of the C library that was called: the outermost of the frames that begin the stack and lie in the
/// object that makes the system call.
std::string waits_in(const std::vector<Frame> &stack) {
  std::string out;
  for (const Frame &frame : stack) {
    if (frame.object != stack.front().object)
      break;
    if (!frame.function.empty())
      out = frame.function;
  }
  return out;
}

/// glibc's pthread_mutex_t on x86-64: glibc-2.36 sysdeps/x86/nptl/bits/struct_mutex.h.
struct Mutex {
  std::int32_t lock;
  std::uint32_t count;
  std::int32_t owner;
  std::uint32_t users;
  std::int32_t kind;
};
constexpr std::int32_t kProcessShared = 128; // glibc-2.36 nptl/pthreadP.h, PTHREAD_MUTEX_PSHARED_BIT

void read_mutex(const Image &image, Wait &wait) {
  constexpr std::array<std::string_view, 4> lockers{"pthread_mutex_lock", "pthread_mutex_timedlock",
                                                    "pthread_mutex_clocklock", "mtx_lock"};
  if (std::ranges::find(lockers, wait.in) == lockers.end())
    return;
  const auto mutex = read_object<Mutex>(image.target().memory(), RemoteAddr{wait.address});
  if (!mutex)
    return;
  wait.is_mutex = true;
  wait.process_shared = (mutex->kind & kProcessShared) != 0;
  wait.owner = std::max(mutex->owner, 0);
}

Wait wait_of(const Image &image, bool has_glibc, const Asleep &asleep, const std::vector<Frame> &stack) {
  Wait out{.address = asleep.arguments[0]};
  out.memory = image.memory_at(RemoteAddr{out.address});
  out.shared = image.shared_at(RemoteAddr{out.address});
  out.in = waits_in(stack);
  if (has_glibc)
    read_mutex(image, out);
  return out;
}

void find_owner(const Family &family, const Process &process, Wait &wait) {
  const auto has = [&](const Process &other) {
    return std::ranges::find(other.threads, wait.owner, &Thread::inner_tid) != other.threads.end();
  };
  if (!wait.is_mutex || wait.owner == 0)
    return;
  if (has(process))
    wait.owner_is = Wait::Owner::here;
  else if (wait.memory != Memory::shared)
    wait.owner_is = Wait::Owner::nowhere; // of this copy of the lock nobody else knows
  else if (std::ranges::any_of(family.processes, has))
    wait.owner_is = Wait::Owner::other_process;
  // Else it may be a process of another program that maps the same memory.
}

/// False: it did not sleep through all of this, and what was read tells nothing.
bool read_wait(const Image &image, bool has_glibc, const TargetThread &seen, Thread &thread) {
  if (!seen.asleep)
    return false;
  thread.system_call = name_of_call(seen.asleep->system_call);
  const bool waits = is_futex_wait(*seen.asleep);
  if (!waits && !seen.registers)
    return true;
  std::vector<Frame> stack = stack_of(image, seen);
  if (!waits) {
    thread.stack = std::move(stack); // it stands still: at whatever it is
    return true;
  }
  Wait wait = wait_of(image, has_glibc, *seen.asleep, stack);
  if (image.target().asleep_now(seen) != seen.asleep)
    return false;
  thread.stack = std::move(stack);
  thread.wait = std::move(wait);
  return true;
}

} // namespace

bool Patience::wait_a_moment() {
  if (left_ == 0)
    return false;
  --left_;
  std::this_thread::sleep_for(std::chrono::microseconds(500));
  return true;
}

void read_waits(const Image &image, bool has_glibc, Patience &patience, std::vector<Thread> &threads) {
  for (std::size_t i = 0; i < threads.size(); ++i) { // they are the target's, in its order
    TargetThread seen = image.target().threads[i];
    for (int look = 1; !read_wait(image, has_glibc, seen, threads[i]) && look < kMostLooks && !seen.registers &&
                       patience.wait_a_moment();
         ++look)
      seen.asleep = image.target().asleep_now(seen);
  }
}

void find_owners(Family &family) {
  for (Process &process : family.processes)
    for (Thread &thread : process.threads)
      if (thread.wait)
        find_owner(family, process, *thread.wait);
}

} // namespace initorder::inspect
