// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/scopes.h"

#include <algorithm>

namespace initorder {

static std::vector<std::int64_t> integer_arguments(const Thread &thread, const arch::Registers &registers, unsigned count) {
  std::vector<std::int64_t> out;
  for (unsigned i = 0; i < count; ++i)
    out.push_back(static_cast<std::int32_t>(arch::argument(registers, i, thread.process->space->memory).value_or(0)));
  return out;
}

void Scopes::at_entry(Thread &thread, const arch::Registers &registers) {
  const RemoteAddr now = arch::sp_after_return(registers);
  while (!thread.scopes.empty()) {
    const Scope &last = thread.scopes.back();
    // A function that ends in a jump gives its stack to the next: only a return tells then.
    if (last.sp > now || (last.sp == now && last.waits))
      return;
    close(thread, {});
  }
}

void Scopes::open(Thread &thread, const arch::Registers &registers, Scope scope, std::vector<std::int64_t> arguments) {
  scope.sp = arch::sp_after_return(registers);
  const auto back = scope.waits ? arch::return_address(registers, thread.process->space->memory) : std::nullopt;
  scope.waits = back && thread.process->space->breakpoints.add_return(*back);
  if (scope.waits)
    thread.returns.push_back({.at = *back, .sp = scope.sp});
  thread.scopes.push_back(scope);
  if (scope.entry.empty())
    context_.record(thread, trace::PhaseBegan{scope.phase, scope.function});
  else
    context_.record(thread, trace::EntryBegan{scope.module, scope.phase, scope.entry, std::move(arguments)});
}

void Scopes::close(Thread &thread, std::optional<std::int64_t> result) {
  const Scope scope = thread.scopes.back();
  if (!scope.entry.empty())
    context_.record(thread, trace::EntryEnded{scope.module, scope.entry, result});
  else
    context_.record(thread, trace::PhaseEnded{scope.phase});
  thread.scopes.pop_back();
  if (!scope.entry.empty() || !context_.host)
    return;
  Process &process = *thread.process;
  if (process.worker) {
    if (scope.phase == process.fork_phase) // back from the host's function that forks: through its phases
      initialising_.erase(process.number);
  } else {
    up_phase_over_ |= scope.phase == context_.host->trace.up_phase;
    on_milestone(scope.phase);
  }
  check_up();
}

void Scopes::check_up() {
  if (up_ || !up_phase_over_ || !initialising_.empty())
    return;
  up_ = true;
  on_milestone("up");
}

/// The phase that this call opens. One function may open several: they differ in who calls it, and in its first argument.
const Phase *Scopes::choose_phase(const Thread &thread, const arch::Registers &registers, const std::string &function) const {
  const Process &process = *thread.process;
  const std::int64_t first = integer_arguments(thread, registers, 1)[0];
  const Phase *by_place = nullptr;
  bool forked = false;
  for (const Phase &phase : context_.host->phases) {
    forked |= phase.id == process.fork_phase;
    if ((phase.process == ProcessRole::worker) != process.worker ||
        std::find(phase.opened_by.begin(), phase.opened_by.end(), function) == phase.opened_by.end())
      continue;
    bool has_arguments = false;
    for (const EntryPoint &entry : phase.entries) {
      has_arguments |= !entry.arguments.empty();
      if (!process.worker && !entry.arguments.empty() && entry.arguments[0] == first)
        return &phase;
    }
    // A worker's ranks are many; it is in the first phase of workers after the one in which it was forked.
    if (!by_place && (process.worker ? forked : !has_arguments))
      by_place = &phase;
  }
  return by_place;
}

void Scopes::phase_function(Thread &thread, const arch::Registers &registers, const std::string &function) {
  if (const Phase *phase = choose_phase(thread, registers, function))
    open(thread, registers, {.phase = phase->id, .function = function, .forks = phase->fork, .waits = true}, {});
}

void Scopes::entry(Thread &thread, const arch::Registers &registers, const Module &module, const TracedModules::Entry &entry) {
  std::string phase = entry.phases.empty() ? "" : entry.phases.front();
  for (const Scope &scope : thread.scopes)
    if (std::find(entry.phases.begin(), entry.phases.end(), scope.phase) != entry.phases.end())
      phase = scope.phase;
  open(thread, registers, {.phase = phase, .module = module.name, .entry = entry.phase_entry, .waits = !thread.process->worker},
       integer_arguments(thread, registers, entry.arguments));
}

void Scopes::named_entry(Thread &thread, const arch::Registers &registers, const Module &module, const Phase &phase,
                         const std::string &name) {
  open(thread, registers, {.phase = phase.id, .module = module.name, .entry = name, .waits = true}, {});
}

void Scopes::constructor(Thread &thread, const arch::Registers &registers, const std::string &object) {
  const std::string phase = thread.scopes.empty() ? "" : thread.scopes.back().phase;
  open(thread, registers, {.phase = phase, .module = object, .entry = "constructor"}, {});
}

void Scopes::returned(Thread &thread, const arch::Registers &registers) {
  while (!thread.scopes.empty() && thread.scopes.back().sp < arch::sp(registers))
    close(thread, {});
  if (!thread.scopes.empty() && thread.scopes.back().sp == arch::sp(registers))
    close(thread, arch::result(registers) << 32 >> 32);
}

void Scopes::started(Process &process, Thread *parent) {
  if (!parent)
    return;
  for (const Scope &scope : parent->scopes)
    if (scope.forks) {
      process.worker = true;
      process.fork_phase = scope.phase;
    }
  process.threads.at(process.pid).scopes = parent->scopes;
  process.threads.at(process.pid).returns = parent->returns;
  if (process.space == parent->process->space) // vfork: each comes back twice
    for (const PendingReturn &pending : parent->returns)
      process.space->breakpoints.add_return(pending.at);
  if (process.worker)
    initialising_[process.number] = &process;
}

void Scopes::ended(Process &process) {
  if (initialising_.erase(process.number))
    check_up();
}

} // namespace initorder
