// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/family.h"

#include "tracer/process/step_over.h"

#include <csignal>
#include <fstream>
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

void Family::adopt(pid_t pid) { watcher_.started(add_process(pid, std::make_shared<AddressSpace>(pid)), ForkKind::fork, nullptr); }

void Family::go_on(Thread &thread, int signal) {
  thread.stopped = false;
  thread.tracee.resume(signal);
}

void Family::handle(pid_t tid, int status) {
  const Stop stop = decode_stop(tid, status);
  if (const auto *exited = std::get_if<Exited>(&stop))
    return on_end(tid, exited->status, {});
  if (const auto *killed = std::get_if<Killed>(&stop))
    return on_end(tid, {}, killed->signal);
  if (Thread *thread = find(tid)) {
    thread->stopped = true;
    return handle_known(*thread, stop);
  }
  // t0 a thread forks; t1 the child stops; t2 its parent reports the fork. t1 may be seen before t2.
  early_[tid] = status;
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
                   thread.stopped = false;
                   thread.tracee.listen();
                 },
                 [&](const Interrupted &) { go_on(thread); },
                 [&](const Other &) { go_on(thread); },
                 [&](const Trapped &) { on_trap(thread); },
                 [&](const Forked &forked) { on_fork(thread, forked); },
                 [&](const Executed &executed) { on_exec(thread, executed.former); },
             },
             stop);
}

static bool same_memory(pid_t one, pid_t other) { return syscall(SYS_kcmp, one, other, KCMP_VM, 0, 0) == 0; }

static bool is_thread_of(pid_t pid, pid_t tid) {
  return access(("/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid)).c_str(), F_OK) == 0;
}

void Family::on_fork(Thread &parent, const Forked &forked) {
  Process &process = *parent.process;
  const pid_t child = forked.child;
  if (forked.kind == ForkKind::clone && is_thread_of(process.pid, child)) {
    watcher_.thread_started(parent, add_thread(process, child));
  } else {
    const bool shares = forked.kind != ForkKind::fork && same_memory(process.pid, child);
    auto space = shares ? process.space : std::make_shared<AddressSpace>(*process.space, child);
    Process &started = add_process(child, std::move(space));
    watcher_.started(started, forked.kind, &parent);
  }
  go_on(parent);
  if (const auto early = early_.extract(child))
    handle(child, early.mapped());
}

void Family::on_exec(Thread &thread, pid_t former) {
  // All other threads are gone without a word; the one that called exec() has the process's pid now.
  Process &process = *thread.process;
  const pid_t pid = process.pid;
  for (auto it = process.threads.begin(); it != process.threads.end();)
    if (it->first != pid) {
      if (it->first != former)
        watcher_.thread_ended(it->second);
      of_thread_.erase(it->first);
      it = process.threads.erase(it);
    } else {
      ++it;
    }
  process.space = std::make_shared<AddressSpace>(pid);
  Thread &now = add_thread(process, pid);
  watcher_.executed(now);
  go_on(now);
}

void Family::on_trap(Thread &thread) {
  Breakpoints &breakpoints = thread.process->space->breakpoints;
  auto registers = thread.tracee.registers();
  if (!registers)
    return; // killed meanwhile; the wait status follows
  const RemoteAddr at{registers->rip - 1};
  if (breakpoints.at(at)) {
    thread.tracee.block_trap_again();
    arch::set_pc(*registers, at);
    watcher_.hit(thread, *registers);
    return step_over(thread, at, *registers);
  }
  // t0 a thread runs into a breakpoint; t1 another one's stop takes it away; t2 the first reports. It runs the real one.
  if (!breakpoints.is_breakpoint_byte(at) && breakpoints.was_at(at)) {
    arch::set_pc(*registers, at);
    thread.tracee.set_registers(*registers);
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

static pid_t parent_of(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("PPid:"))
      return static_cast<pid_t>(std::stol(line.substr(5)));
  return 0;
}

/// t0 a process forks; t1 it is killed; t2 the child stops, and nobody is left to report the fork.
void Family::adopt_orphans(Thread &dying) {
  const Process &process = *dying.process;
  for (const auto &[child, stop] : std::exchange(early_, {})) {
    if (const pid_t parent = parent_of(child); parent != process.pid && processes_.contains(parent)) {
      early_[child] = stop; // another one's, who will report it
      continue;
    }
    watcher_.started(add_process(child, std::make_shared<AddressSpace>(*process.space, child)), ForkKind::fork, &dying);
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
    of_thread_.erase(tid);
    process.threads.erase(tid);
    return;
  }
  adopt_orphans(*thread);
  watcher_.ended(process, status, signal);
  for (const auto &[other, ignored] : process.threads)
    of_thread_.erase(other);
  processes_.erase(process.pid);
}

} // namespace initorder
