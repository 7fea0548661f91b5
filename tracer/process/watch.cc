// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/watch.h"

#include <utility>

namespace initorder {

Watch::Watch(WatchContext &context, const HostPack *forced, std::string until)
    : context_(context), forced_(forced), until_(std::move(until)) {
  scopes_.on_milestone = [this](const std::string &milestone) { reached(milestone); };
}

void Watch::reached(const std::string &milestone) {
  if (milestone == "up" && current_)
    context_.record(*current_, trace::CameUp{});
  enough_ |= milestone == until_;
}

void Watch::attached(Process &process, Process *parent) {
  process.worker = parent != nullptr;
  trace::ProcessStarted what{.how = trace::ProcessStarted::How::attached, .pid = process.pid};
  if (parent)
    what.parent = parent->number;
  Thread &thread = process.threads.at(process.pid);
  context_.record(thread, what);
  if (!parent || parent->space != process.space)
    objects_.attached(thread, parent, forced_);
}

void Watch::started(Process &process, ForkKind how, Thread *parent) {
  scopes_.started(process, parent);
  if (parent && parent->process->space != process.space)
    calls_.forked(*process.space);
  using How = trace::ProcessStarted::How;
  trace::ProcessStarted what{.how = How::launched, .pid = process.pid, .by_host = process.worker};
  if (parent) {
    what.how = how == ForkKind::fork ? How::forked : how == ForkKind::vfork ? How::vforked : How::cloned;
    what.parent = parent->process->number;
    what.parent_thread = parent->tracee.tid();
  }
  const Thread &thread = process.threads.at(process.pid);
  context_.record(thread, what);
  if (parent && !parent->child_name.empty())
    context_.record(thread, trace::ProcessNamed{std::exchange(parent->child_name, {})});
}

void Watch::thread_started(Thread &creator, Thread &started) {
  context_.record(creator, trace::ThreadStarted{started.tracee.tid()});
}

void Watch::executed(Thread &thread) { objects_.executed(thread, forced_); }

void Watch::hit(Thread &thread, const arch::Registers &registers) {
  current_ = &thread;
  const RemoteAddr at = arch::pc(registers);
  // What is done at a stop may take breakpoints away: hence a copy.
  const Breakpoints::Site site = *thread.process->space->breakpoints.at(at);
  if (site.returns > 0)
    returns(thread, registers, at);
  if (!site.purposes.empty())
    scopes_.at_entry(thread, registers);
  for (const Purpose &purpose : site.purposes)
    dispatch(thread, registers, purpose, at);
  current_ = nullptr;
}

void Watch::dispatch(Thread &thread, const arch::Registers &registers, const Purpose &purpose, RemoteAddr at) {
  AddressSpace &space = *thread.process->space;
  switch (purpose.kind) {
  case Purpose::Kind::objects_changed: return objects_.changed(thread);
  case Purpose::Kind::probe: return calls_.called(thread, registers, purpose.index, at);
  case Purpose::Kind::constructor: return scopes_.constructor(thread, registers, space.constructors[purpose.index]);
  case Purpose::Kind::phase:
    arming_.modules(space);
    return scopes_.phase_function(thread, registers, context_.phase_functions[purpose.index]);
  case Purpose::Kind::entry: {
    const Module &module = space.modules[purpose.index];
    return scopes_.entry(thread, registers, module, module.layout->entries[purpose.detail]);
  }
  case Purpose::Kind::named_entry: {
    const Phase &phase = context_.host->phases[purpose.detail];
    return scopes_.named_entry(thread, registers, space.modules[purpose.index], phase, arming_.name_of(phase));
  }
  }
}

void Watch::returns(Thread &thread, const arch::Registers &registers, RemoteAddr at) {
  Breakpoints &breakpoints = thread.process->space->breakpoints;
  // Innermost first. What is deeper than the stack now was left without a return (longjmp).
  while (!thread.returns.empty() && thread.returns.back().sp <= arch::sp(registers)) {
    const PendingReturn pending = thread.returns.back();
    thread.returns.pop_back();
    if (pending.at == at && pending.sp == arch::sp(registers)) {
      if (pending.call != trace::CallNumber{})
        calls_.returned(thread, registers, pending);
      else
        scopes_.returned(thread, registers);
    }
    breakpoints.remove_return(pending.at);
  }
}

void Watch::signalled(Thread &thread, int signal) {
  // A timer's: what it says is said.
  const unsigned count = ++thread.process->signals[signal];
  if (count <= context_.most_calls)
    context_.record(thread, trace::SignalReceived{signal});
  if (count == context_.most_calls)
    context_.remark(thread, "no more than " + std::to_string(count) + " signals of one kind are recorded in one process");
}

void Watch::thread_ended(Thread &thread) { context_.record(thread, trace::ThreadEnded{}); }

void Watch::ended(Process &process, std::optional<int> status, std::optional<int> signal) {
  const Thread &thread = process.threads.at(process.pid);
  context_.record(thread, trace::ProcessEnded{status, signal});
  current_ = &thread;
  scopes_.ended(process);
  current_ = nullptr;
}

} // namespace initorder
