// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From what the kernel tells to records: who calls what, who forks, who ends.
#pragma once

#include "tracer/uprobes/in_order.h"
#include "tracer/uprobes/objects.h"
#include "tracer/uprobes/task_events.h"

#include <map>
#include <memory>
#include <string>

namespace initorder::uprobes {

class Session {
public:
  /// Refers to all of them. `host` may be null.
  Session(const std::vector<Probe> &probes, const HostPack *host, unsigned most_calls, Kernel &kernel, InOrder &out);

  /// A process that runs; its parent comes before it.
  void attach(pid_t pid, pid_t parent);
  void take(const Hit &hit);
  void take(const TaskEvent &event);
  /// Takes away what has been seen often enough, and says what is missing.
  void tidy();
  /// Takes away all.
  void let_go();
  bool all_ended() const { return processes_.empty(); }
  /// There is something to tidy up soon.
  bool is_stale() const { return stale_ > 0 || headless_ > 0; }

private:
  void called(Watched &process, WatchedThread &thread, const Probe &probe, const Hit &hit, std::uint32_t index);
  void returned(Watched &process, WatchedThread &thread, const Hit &hit, std::uint32_t index);
  void used_up(Watched &process, File &file, Site &site, const Hit &hit);
  std::string library_of(const Probe &probe) const;
  void forked(Watched &parent, const TaskEvent &event);
  void thread_ended(Watched &process, const TaskEvent &event);
  void ended(Watched &process, std::uint64_t at);
  void remark(const Watched &process, std::uint64_t at, std::string text);

  const std::vector<Probe> &probes_;
  const HostPack *host_;
  InOrder &out_;
  Armory armory_;
  Objects objects_;
  std::map<pid_t, std::unique_ptr<Watched>> processes_;
  std::uint32_t next_process_ = 0;
  std::uint64_t last_call_ = 0;
  unsigned stale_ = 0; ///< files with sites that are to go
  unsigned headless_ = 0; ///< processes whose first thread has ended
};

} // namespace initorder::uprobes
