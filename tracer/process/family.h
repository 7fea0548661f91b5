// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A server's processes and threads under ptrace: follows each fork, clone and exec, passes on each signal, stops with each
// group stop. Whatever the traced program would see without us it sees with us. What a stop means to us is the
// watcher's business; here it only has to go on.
//
// What it can see, for ptrace and breakpoints are what they are:
//   - TracerPid in /proc/self/status; that nobody else can trace it (EPERM); that it loses the rights that a setuid
//     program gets, unless we have CAP_SYS_PTRACE.
//   - A breakpoint that is hit while SIGTRAP is blocked or ignored makes the kernel unblock it and set it to SIG_DFL
//     (force_sig_info_to_task()). Blocked is it again if all signals are; the program's own handler for it, or its wish to
//     ignore it, is lost then.
//   - A child of clone(CLONE_UNTRACED), which the kernel keeps from us, dies at the first breakpoint that it inherits.
#pragma once

#include "tracer/process/process.h"
#include "tracer/process/stop.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace initorder {

/// Told of what happens, with the thread stopped. It goes on when the call returns.
struct FamilyWatcher {
  virtual ~FamilyWatcher() = default;
  /// A process that ran before; `parent` is null where that is none of the family. It runs on meanwhile.
  virtual void attached(Process &process, Process *parent) = 0;
  /// `parent` is null for the launched process. The child has not run yet.
  virtual void started(Process &process, ForkKind how, Thread *parent) = 0;
  virtual void thread_started(Thread &creator, Thread &started) = 0;
  virtual void executed(Thread &thread) = 0;
  /// At a breakpoint; `registers` are those before its instruction, pc is its address.
  virtual void hit(Thread &thread, const arch::Registers &registers) = 0;
  virtual void signalled(Thread &thread, int signal) = 0;
  virtual void thread_ended(Thread &thread) = 0;
  virtual void ended(Process &process, std::optional<int> status, std::optional<int> signal) = 0;
};

class Family {
public:
  Family(FamilyWatcher &watcher, CodeLedger &ledger) : watcher_(watcher), ledger_(ledger) {}

  /// A process that has been seized, and is stopped or about to stop.
  void adopt(pid_t pid);
  /// A process whose threads have been seized while they ran. Its parent comes before it.
  void attach(pid_t pid, pid_t parent, const std::vector<pid_t> &threads);
  /// What had happened before the last attach() was done has been handled.
  void settle() { settling_ = false; }
  bool empty() const { return processes_.empty(); }
  /// Handles one wait status.
  void handle(pid_t tid, int status);
  /// Takes every trace of us out of their memory. When it returns, our end lets them go: nobody stands in a breakpoint.
  void detach();

private:
  Thread *find(pid_t tid);
  Process &add_process(pid_t pid, std::shared_ptr<AddressSpace> space);
  Thread &add_thread(Process &process, pid_t tid);
  void go_on(Thread &thread, int signal = 0);
  void handle_known(Thread &thread, const Stop &stop);
  void note_fork(Thread &parent, const Forked &forked);
  Thread &note_exec(Process &process, pid_t former);
  void leave_space(Process &process);
  void on_trap(Thread &thread);
  void step_over(Thread &thread, RemoteAddr at, arch::Registers registers);
  void adopt_orphans(Process &dead);
  void on_end(pid_t tid, std::optional<int> status, std::optional<int> signal);
  bool has_passed(const Thread &thread) const;
  bool all_have_passed();
  void handle_pending();

  FamilyWatcher &watcher_;
  CodeLedger &ledger_;
  std::map<pid_t, std::unique_ptr<Process>> processes_;
  std::map<pid_t, Process *> of_thread_;
  std::map<pid_t, int> early_; ///< stops of threads whose parent has not reported them yet
  std::unique_ptr<Process> last_ended_; ///< its children may stop after its end
  bool settling_ = false;       ///< since attach(): what is reported may have happened before there were breakpoints
  bool letting_go_ = false;     ///< since detach(): breakpoints are not put in any more
  std::set<pid_t> passed_;      ///< while we detach: threads that cannot stand in a breakpoint
  std::set<pid_t> asked_;       ///< while we detach: threads that will stop
  std::uint32_t next_number_ = 0;
};

} // namespace initorder
