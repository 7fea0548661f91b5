// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/uprobes/session.h"

#include "tracer/process/call_facts.h"
#include "tracer/process/frames.h"
#include "tracer/process/values.h"
#include "tracer/uprobes/clock.h"
#include "tracer/uprobes/copied_memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace initorder::uprobes {

constexpr unsigned kLongestStack = 64;

Session::Session(const std::vector<Probe> &probes, const HostPack *host, unsigned most_calls, Kernel &kernel, InOrder &out)
    : probes_(probes), host_(host), out_(out), armory_(kernel), objects_(probes, most_calls, armory_) {
  armory_.on_remark = [this](const Watched &process, std::string text) { remark(process, now(), std::move(text)); };
}

void Session::remark(const Watched &process, std::uint64_t at, std::string text) {
  out_.put(at, process.number, process.pid, trace::Remarked{std::move(text)});
}

void Session::attach(pid_t pid, pid_t parent) {
  auto process = std::make_unique<Watched>(pid);
  process->number = trace::ProcessNumber{next_process_++};
  trace::ProcessStarted what{.how = trace::ProcessStarted::How::attached, .pid = pid};
  if (const auto known = processes_.find(parent); known != processes_.end())
    what.parent = known->second->number;
  out_.put(now(), process->number, pid, what);
  if (const auto done = objects_.attach(*process); !done)
    remark(*process, now(), done.error().text() + ": nothing of it is recorded");
  processes_[pid] = std::move(process);
}

void Session::take(const Hit &hit) {
  const Armory::Owner *owner = armory_.owner(hit.cookie);
  if (!owner)
    return;
  Watched &process = *owner->process;
  File &file = *owner->file;
  Site &site = file.sites[owner->site];
  const auto tid = static_cast<pid_t>(hit.pid_tgid);
  if (process.is_headless)
    process.read_through(tid);
  if (site.probe == kObjectsChanged)
    return objects_.changed(process, hit.at, [&](auto what) { out_.put(hit.at, process.number, tid, std::move(what)); });
  WatchedThread &thread = process.threads[tid];
  if (owner->moment == Moment::ret)
    return returned(process, thread, hit, site.probe);
  called(process, thread, probes_[site.probe], hit, site.probe);
  if (hit.ordinal + 1 >= site.most)
    used_up(process, file, site, hit);
}

/// Whose function it is: a library's, or the host's own.
std::string Session::library_of(const Probe &probe) const { return probe.pack ? probe.pack->name : host_ ? host_->name : ""; }

void Session::used_up(Watched &process, File &file, Site &site, const Hit &hit) {
  if (std::exchange(site.over, true))
    return;
  stale_ += !file.stale;
  file.stale = file.stale.value_or(std::chrono::steady_clock::now());
  const Probe &probe = probes_[site.probe];
  out_.put(hit.at, process.number, static_cast<pid_t>(hit.pid_tgid),
           trace::BudgetSpent{probe.function->name, library_of(probe), site.most, !probe.function->trace.first});
}

void Session::called(Watched &process, WatchedThread &thread, const Probe &probe, const Hit &hit, std::uint32_t index) {
  const arch::Registers registers = registers_of(hit);
  const RemoteAddr sp = arch::sp(registers);
  // What is deeper than the stack now, or the same call at the same place, was left without a return (longjmp).
  std::erase_if(thread.calls, [&](const OpenCall &open) { return open.sp < sp || (open.sp == sp && open.probe == index); });
  CopiedMemory memory(hit, process.memory);
  for (const OpenCall &open : thread.calls)
    memory.put_back(open.sp, open.back);
  std::vector<std::uint64_t> arguments;
  for (unsigned i = 0; i < argument_count(probe); ++i)
    arguments.push_back(arch::argument(registers, i, memory).value_or(0));
  trace::Called call{.call = trace::CallNumber{++last_call_}, .function = probe.function->name,
                     .library = library_of(probe)};
  call.effects = effects_of(probe, arguments);
  const Surroundings around(memory, process.mappings, process.layout.get(), process.reader);
  call.arguments = values_in(probe.function->trace.arguments, arguments, around);
  if (!probe.pack && host_)
    for (const trace::Value &value : call.arguments)
      if (value.text && value.name == host_->trace.process_name_argument)
        thread.child_name = *value.text;
  if (process.layout) {
    place_functions(call.arguments, *process.layout);
    for (const RemoteAddr address : process.layout->stack(arch::unwind_registers(registers), memory, kLongestStack))
      call.stack.push_back(frame_of(*process.layout, address));
  }
  if (probe.ends)
    if (const auto back = arch::return_address(registers, memory))
      thread.calls.push_back({sp, *back, call.call, index, std::move(arguments)});
  out_.put(hit.at, process.number, static_cast<pid_t>(hit.pid_tgid), std::move(call));
}

void Session::returned(Watched &process, WatchedThread &thread, const Hit &hit, std::uint32_t index) {
  const arch::Registers registers = registers_of(hit);
  const auto open = std::find_if(thread.calls.rbegin(), thread.calls.rend(), [&](const OpenCall &call) {
    return call.probe == index && call.sp + 8 == arch::sp(registers);
  });
  if (open == thread.calls.rend())
    return; // of a call that was not written down
  const OpenCall call = *open;
  thread.calls.erase(std::next(open).base());
  const LibraryFunction &function = *probes_[index].function;
  trace::Returned out{.call = call.call};
  if (has_result(function))
    out.result = arch::result(registers);
  const CopiedMemory memory(hit, process.memory);
  out.outputs = values_out(function.trace.arguments, call.arguments, {memory, process.mappings, process.layout.get(), process.reader});
  if (process.layout)
    place_functions(out.outputs, *process.layout);
  out_.put(hit.at, process.number, static_cast<pid_t>(hit.pid_tgid), std::move(out));
}

} // namespace initorder::uprobes
