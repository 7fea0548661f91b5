// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/family.h"

#include "tracer/process/step_over.h"
#include "tracer/process/thread_state.h"

#include <csignal>
#include <string>
#include <utility>

#include <linux/kcmp.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder {

template <class... Ts> struct Overloaded : Ts... { using Ts::operator()...; };

Thread *Family::find(pid_t tid) {
  const auto found = of_thread_.find(tid);
  return found == of_thread_.end() ? nullptr : &found->second->threads.at(tid);
}

Process &Family::add_process(pid_t pid, std::shared_ptr<AddressSpace> space) {
  auto process = std::make_unique<Process>();
  process->pid = pid;
  process->number = trace::ProcessNumber{next_number_++};
  process->space = std::move(space);
  Process &out = *process;
  processes_[pid] = std::move(process);
  add_thread(out, pid);
  return out;
}

Thread &Family::add_thread(Process &process, pid_t tid) {
  of_thread_[tid] = &process;
  return process.threads.insert_or_assign(tid, Thread{.tracee = Tracee(tid), .process = &process}).first->second;
}

void Family::adopt(pid_t pid) {
  watcher_.started(add_process(pid, std::make_shared<AddressSpace>(pid, ledger_)), ForkKind::fork, nullptr);
}

/// Whether they run in the same memory; none: a kernel without kcmp(2), a seccomp filter.
static std::optional<bool> same_memory(pid_t one, pid_t other) {
  const long answer = syscall(SYS_kcmp, one, other, KCMP_VM, 0, 0);
  return answer < 0 ? std::nullopt : std::optional(answer == 0);
}

void Family::attach(pid_t pid, pid_t parent, const std::vector<pid_t> &threads) {
  settling_ = true;
  const auto known = processes_.find(parent);
  Process *const above = known == processes_.end() ? nullptr : known->second.get();
  const bool shares = above && same_memory(pid, parent) == true; // it has called vfork() just now
  Process &process = add_process(pid, shares ? above->space : std::make_shared<AddressSpace>(pid, ledger_));
  for (const pid_t tid : threads)
    add_thread(process, tid).stopped = false;
  watcher_.attached(process, above);
}

void Family::go_on(Thread &thread, int signal) {
  thread.stopped = false;
  thread.tracee.resume(signal);
}

/// The parent of a process that has stopped early, who is to report it. None: a thread, or gone; then its end is enough.
static std::optional<pid_t> parent_of(pid_t tid) {
  const ThreadState state = state_of(tid);
  return state.process == tid ? std::optional(state.parent) : std::nullopt;
}
static bool has_pending_trap(const Thread &thread) { return state_of(thread.tracee.tid()).has_pending(SIGTRAP); }

/// What is waited for on a thread that is no more, in memory that others go on in.
static void forget_returns(const Thread &thread) {
  for (const PendingReturn &pending : thread.returns)
    thread.process->space->breakpoints.remove_return(pending.at);
}

void Family::handle(pid_t tid, int status) {
  const Stop stop = decode_stop(tid, status);
  if (const auto *exited = std::get_if<Exited>(&stop))
    return on_end(tid, exited->status, {});
  if (const auto *killed = std::get_if<Killed>(&stop))
    return on_end(tid, {}, killed->signal);
  if (Thread *thread = find(tid)) {
    thread->stopped = true;
    thread->listens = false;
    if (letting_go_ && !has_pending_trap(*thread))
      passed_.insert(tid);
    return handle_known(*thread, stop);
  }
  // t0 a thread forks; t1 the child stops; t2 its parent reports the fork. t1 may be seen before t2.
  early_[tid] = status;
  if (const auto parent = parent_of(tid); parent && last_ended_ && !processes_.contains(*parent))
    adopt_orphans(*last_ended_);
}

void Family::handle_known(Thread &thread, const Stop &stop) {
  std::visit(Overloaded{
                 [&](const Exited &) {},
                 [&](const Killed &) {},
                 [&](const Vanished &) {},
                 [&](const Signalled &got) {
                   watcher_.signalled(thread, got.signal);
                   go_on(thread, got.signal);
                 },
                 [&](const GroupStopped &) {
                   if (letting_go_ && has_pending_trap(thread))
                     return go_on(thread); // to report that first
                   thread.stopped = false;
                   thread.listens = true;
                   thread.tracee.listen();
                 },
                 [&](const Interrupted &) { go_on(thread); },
                 [&](const Other &) { go_on(thread); },
                 [&](const Trapped &) { on_trap(thread); },
                 [&](const Forked &forked) {
                   note_fork(thread, forked);
                   go_on(thread);
                   if (const auto early = early_.extract(forked.child))
                     handle(forked.child, early.mapped());
                 },
                 [&](const Executed &executed) {
                   Thread &now = note_exec(*thread.process, executed.former);
                   watcher_.executed(now);
                   if (letting_go_)
                     now.process->space->breakpoints.remove_all();
                   go_on(now);
                 },
             },
             stop);
}

/// Whether the child runs in the memory of the thread that made it.
static bool shares_memory(pid_t parent, const Forked &forked) {
  return same_memory(parent, forked.child).value_or(forked.kind == ForkKind::vfork);
}

static bool is_thread_of(pid_t pid, pid_t tid) {
  return access(("/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid)).c_str(), F_OK) == 0;
}

void Family::note_fork(Thread &parent, const Forked &forked) {
  Process &process = *parent.process;
  const pid_t child = forked.child;
  if (find(child))
    return; // was taken for an orphan
  if (forked.kind == ForkKind::clone && is_thread_of(process.pid, child))
    return watcher_.thread_started(parent, add_thread(process, child));
  const bool shares = shares_memory(parent.tracee.tid(), forked); // clone(CLONE_VM | SIGCHLD) is reported as a fork
  Process &started = add_process(child, shares ? process.space : std::make_shared<AddressSpace>(*process.space, child));
  if (forked.kind == ForkKind::vfork)
    started.borrower_of = parent.tracee.tid();
  watcher_.started(started, forked.kind, &parent);
  if (settling_ && !shares)
    started.space->breakpoints.put_again();
  if (letting_go_)
    started.space->breakpoints.remove_all();
}

/// The process ends, or has memory of its own now: others may live on in the old one.
void Family::leave_space(Process &process) {
  for (const auto &[pid, other] : processes_)
    if (other.get() != &process && other->space == process.space) {
      for (const auto &[tid, thread] : process.threads)
        forget_returns(thread);
      if (process.space->pid == process.pid)
        process.space->hand_over(pid);
      return;
    }
}

Thread &Family::note_exec(Process &process, pid_t former) {
  // All other threads are gone without a word; the one that called exec() has the process's pid now.
  const pid_t pid = process.pid;
  adopt_orphans(process);
  // t0 exec(); t1 attach() puts breakpoints into what it takes for the old program; t2 the exec() is reported.
  if (settling_ && process.space.use_count() == 1)
    process.space->breakpoints.remove_all();
  leave_space(process);
  for (auto it = process.threads.begin(); it != process.threads.end();)
    if (it->first != pid) {
      if (it->first != former)
        watcher_.thread_ended(it->second);
      of_thread_.erase(it->first);
      it = process.threads.erase(it);
    } else {
      ++it;
    }
  process.space = std::make_shared<AddressSpace>(pid, ledger_);
  process.borrower_of = 0;
  return add_thread(process, pid);
}

void Family::on_trap(Thread &thread) {
  AddressSpace &space = *thread.process->space;
  Breakpoints &breakpoints = space.breakpoints;
  auto registers = thread.tracee.registers();
  if (!registers)
    return; // killed meanwhile; the wait status follows
  if (space.reader != thread.tracee.tid())
    space.read_through(thread.tracee.tid());
  const RemoteAddr at{registers->rip - 1};
  if (const Breakpoints::Site *site = breakpoints.at(at)) {
    arch::set_pc(*registers, at);
    const bool has_passed = pass_at_once(thread.tracee, *site, *registers);
    thread.tracee.block_trap_again();
    watcher_.hit(thread, *registers);
    return has_passed ? go_on(thread) : step_over(thread, at, *registers);
  }
  // t0 a thread runs into a breakpoint; t1 another one's stop takes it away; t2 the first reports. It runs the real one.
  if (breakpoints.was_at(at)) {
    thread.tracee.block_trap_again();
    arch::set_pc(*registers, at);
    thread.tracee.set_registers(*registers);
    if (letting_go_)
      thread.tracee.interrupt(); // a process that is stopped stays so
    return go_on(thread);
  }
  go_on(thread, SIGTRAP); // the program's own
}

void Family::step_over(Thread &thread, RemoteAddr at, arch::Registers registers) {
  int status = 0;
  if (initorder::step_over(thread.tracee, *thread.process->space, at, registers, status))
    return go_on(thread);
  handle(thread.tracee.tid(), status);
}

/// t0 a thread forks; t1 it is killed, or another one calls exec(); t2 the child stops: nobody is left to report the fork.
void Family::adopt_orphans(Process &dead) {
  for (const auto &[child, stop] : std::exchange(early_, {})) {
    if (const auto parent = parent_of(child); !parent || (*parent != dead.pid && processes_.contains(*parent))) {
      early_[child] = stop; // another one's, who will report it
      continue;
    }
    Process &orphan = add_process(child, std::make_shared<AddressSpace>(*dead.space, child));
    watcher_.started(orphan, ForkKind::fork, &dead.threads.at(dead.pid));
    if (letting_go_)
      orphan.space->breakpoints.remove_all();
    handle(child, stop);
  }
}

void Family::on_end(pid_t tid, std::optional<int> status, std::optional<int> signal) {
  early_.erase(tid);
  Thread *thread = find(tid);
  if (!thread)
    return;
  Process &process = *thread->process;
  if (tid != process.pid) {
    watcher_.thread_ended(*thread);
    forget_returns(*thread);
    of_thread_.erase(tid);
    process.threads.erase(tid);
    return;
  }
  adopt_orphans(process);
  watcher_.ended(process, status, signal);
  leave_space(process);
  for (const auto &[other, ignored] : process.threads)
    of_thread_.erase(other);
  last_ended_ = std::move(processes_.extract(process.pid).mapped());
}

} // namespace initorder
