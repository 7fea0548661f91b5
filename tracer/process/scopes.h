// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which phase and which module a thread is in. A scope begins at a breakpoint at the function's entry. It ends when the
// function returns; where that is not waited for (a worker makes hundreds of them), when the stack is seen above it.
#pragma once

#include "tracer/process/watch_context.h"

#include <functional>

namespace initorder {

class Scopes {
public:
  explicit Scopes(WatchContext &context) : context_(context) {}
  /// Called when a phase has ended in the main process, and with "up" once the server is up.
  std::function<void(const std::string &)> on_milestone = [](const std::string &) {};

  /// Ends what is over on this thread, which stands at the first instruction of a function.
  void at_entry(Thread &thread, const arch::Registers &registers);
  void phase_function(Thread &thread, const arch::Registers &registers, const std::string &function);
  void entry(Thread &thread, const arch::Registers &registers, const Module &module, const TracedModules::Entry &entry);
  void named_entry(Thread &thread, const arch::Registers &registers, const Module &module, const Phase &phase,
                   const std::string &name);
  void constructor(Thread &thread, const arch::Registers &registers, const std::string &object);
  /// The function of the innermost scope that is waited for has returned.
  void returned(Thread &thread, const arch::Registers &registers);

  /// A process has been forked while `parent` (null: launched) was where it was.
  void started(Process &process, Thread *parent);
  void ended(Process &process);

private:
  const Phase *choose_phase(const Thread &thread, const arch::Registers &registers, const std::string &function) const;
  void open(Thread &thread, const arch::Registers &registers, Scope scope, std::vector<std::int64_t> arguments);
  void close(Thread &thread, std::optional<std::int64_t> result);
  void check_up();

  WatchContext &context_;
  bool up_phase_over_ = false;
  bool up_ = false;
  std::map<trace::ProcessNumber, Process *> initialising_; ///< workers that are not through yet
};

} // namespace initorder
