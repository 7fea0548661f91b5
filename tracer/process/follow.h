// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What every trace has in common, however it begins: a guardian that follows the server, a front that takes what it says.
#pragma once

#include "rules/packs.h"
#include "rules/result.h"
#include "tracer/process/family.h"
#include "tracer/process/launch.h"
#include "tracer/process/outbox.h"
#include "tracer/process/recorder.h"
#include "tracer/process/trace_end.h"
#include "tracer/process/watch.h"

#include <chrono>
#include <optional>
#include <string>

namespace initorder {

struct FollowOptions {
  const Packs *packs = nullptr;
  std::string host;                   ///< name of a host pack; empty: the program's name decides
  std::string until_phase;            ///< id of a phase, or "up": let go when it has ended; empty: never
  std::optional<std::chrono::seconds> for_time; ///< let go after this time
  bool names = true;                  ///< false: frames hold bare addresses, which costs nothing
};

/// The guardian's side of a trace.
struct Tracing {
  Outbox &outbox;
  Recorder &recorder;
  WatchContext &context;
  const HostPack *forced_host;
  Family &family;
};

/// How a server comes under ptrace.
struct Start {
  virtual ~Start() = default;
  /// In the front, when the guardian is there and waits: whom it is to trace. Errors: nothing has been done.
  virtual Result<pid_t> prepare(pid_t guardian, const InheritedSignals &signals) = 0;
  /// In the guardian: the server is followed from here on. False: what was prepared never ran. Errors: nothing has been
  /// done that does not end with this process.
  virtual Result<bool> begin(pid_t pid, Tracing &tracing) = 0;
  /// In the front.
  virtual void seized() {}
  virtual Error never_ran() { return {Error::Kind::gone, "", "it has ended"}; }
  virtual void give_up() {}
  /// A Ctrl-C at our terminal goes to the server too, and is answered by it.
  virtual bool shares_our_terminal() const = 0;
};

/// `sink` gets each record before this returns. Errors: those of `start`; unknown (host).
Result<TraceEnd> follow(const FollowOptions &options, Start &start, trace::Sink &sink);

} // namespace initorder
