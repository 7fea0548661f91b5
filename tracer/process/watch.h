// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the stops of a family mean: turns them into records.
#pragma once

#include "tracer/process/calls.h"
#include "tracer/process/family.h"
#include "tracer/process/objects.h"
#include "tracer/process/scopes.h"

#include <string>

namespace initorder {

class Watch final : public FamilyWatcher {
public:
  /// `forced`: the host that the user names, or null. `until`: a phase's id, "up", or empty.
  Watch(WatchContext &context, const HostPack *forced, std::string until);
  /// What was to be waited for has come.
  bool enough() const { return enough_; }

  void attached(Process &process, Process *parent) override;
  void started(Process &process, ForkKind how, Thread *parent) override;
  void thread_started(Thread &creator, Thread &started) override;
  void executed(Thread &thread) override;
  void hit(Thread &thread, const arch::Registers &registers) override;
  void signalled(Thread &thread, int signal) override;
  void thread_ended(Thread &thread) override;
  void ended(Process &process, std::optional<int> status, std::optional<int> signal) override;

private:
  void reached(const std::string &milestone);
  void dispatch(Thread &thread, const arch::Registers &registers, const Purpose &purpose, RemoteAddr at);
  void returns(Thread &thread, const arch::Registers &registers, RemoteAddr at);

  WatchContext &context_;
  const HostPack *forced_;
  std::string until_;
  bool enough_ = false;
  const Thread *current_ = nullptr; ///< whose stop is being handled
  Arming arming_{context_};
  Objects objects_{context_, arming_};
  Scopes scopes_{context_};
  Calls calls_{context_};
};

} // namespace initorder
