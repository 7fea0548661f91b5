// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/process/calls.h"

#include "tracer/process/call_facts.h"
#include "tracer/process/values.h"

#include <algorithm>
#include <utility>

namespace initorder {

/// Calls of it that one process records.
unsigned Calls::budget(std::uint32_t probe) const {
  return context_.probes[probe].function->trace.first.value_or(context_.most_calls);
}

bool Calls::within_budget(Thread &thread, std::uint32_t probe, RemoteAddr at) {
  AddressSpace &space = *thread.process->space;
  const unsigned most = budget(probe);
  if (++space.hits[probe] < most)
    return true;
  space.breakpoints.remove(at, {Purpose::Kind::probe, probe});
  if (context_.probes[probe].function->trace.first)
    space.used_up.emplace_back(at, probe);
  return space.hits[probe] == most;
}

void Calls::say_if_spent(Thread &thread, std::uint32_t index) {
  const Probe &probe = context_.probes[index];
  const unsigned most = budget(index);
  if (thread.process->space->hits[index] == most)
    context_.record(thread, trace::BudgetSpent{probe.function->name, probe.pack ? probe.pack->name : context_.host->name, most,
                                               !probe.function->trace.first});
}

/// t0 a call; t1 longjmp() leaves it; t2 the same call from the same place, on the same stack: the first will not return.
/// (A function that ends in a jump to another one leaves two calls that return at once. Those are of two functions.)
void Calls::forget_left(Thread &thread, RemoteAddr sp, std::uint32_t probe) {
  auto &returns = thread.returns;
  const auto left = std::find_if(returns.begin(), returns.end(), [&](const PendingReturn &pending) {
    return pending.sp == sp && pending.probe == probe && pending.call != trace::CallNumber{};
  });
  for (auto it = left; it != returns.end(); ++it)
    thread.process->space->breakpoints.remove_return(it->at);
  returns.erase(left, returns.end());
}

void Calls::called(Thread &thread, const arch::Registers &registers, std::uint32_t index, RemoteAddr at) {
  AddressSpace &space = *thread.process->space;
  const Probe &probe = context_.probes[index];
  if (!within_budget(thread, index, at))
    return;
  std::vector<std::uint64_t> arguments;
  for (unsigned i = 0; i < argument_count(probe); ++i)
    arguments.push_back(arch::argument(registers, i, space.memory).value_or(0));

  trace::Called call{.call = trace::CallNumber{++last_call_}, .function = probe.function->name,
                     .library = probe.pack ? probe.pack->name : context_.host->name};
  call.effects = effects_of(probe, arguments);
  call.arguments = values_in(probe.function->trace.arguments, arguments, space);
  if (!probe.pack)
    for (const trace::Value &value : call.arguments)
      if (value.text && value.name == context_.host->trace.process_name_argument)
        thread.child_name = *value.text;

  if (probe.ends) {
    forget_left(thread, arch::sp_after_return(registers), index);
    if (const auto back = arch::return_address(registers, space.memory); back && space.breakpoints.add_return(*back))
      thread.returns.push_back({*back, arch::sp_after_return(registers), call.call, index, std::move(arguments)});
  }
  context_.record(thread, std::move(call), space.layout, StackCopy(arch::unwind_registers(registers), space.memory));
  say_if_spent(thread, index);
}

void Calls::forked(AddressSpace &child) {
  for (const auto &[at, probe] : std::exchange(child.used_up, {})) {
    child.hits.erase(probe);
    child.breakpoints.add(at, {Purpose::Kind::probe, probe});
  }
}

void Calls::returned(Thread &thread, const arch::Registers &registers, const PendingReturn &pending) {
  AddressSpace &space = *thread.process->space;
  const LibraryFunction &function = *context_.probes[pending.probe].function;
  trace::Returned out{.call = pending.call};
  if (has_result(function))
    out.result = arch::result(registers);
  out.outputs = values_out(function.trace.arguments, pending.arguments, space);
  context_.record(thread, std::move(out), space.layout);
}

} // namespace initorder
