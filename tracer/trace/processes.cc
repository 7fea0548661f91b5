// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/processes.h"

#include <algorithm>
#include <limits>
#include <ranges>
#include <set>

namespace initorder::trace {
namespace {

/// Fills in what records say of a process.
struct Reader {
  std::map<ProcessNumber, Process> &all;
  const Record &record;

  Process &process() const {
    const auto [found, is_new] = all.try_emplace(record.process);
    if (is_new) {
      found->second.number = record.process;
      found->second.appeared = record.number;
      found->second.counts_until = std::numeric_limits<std::uint64_t>::max();
    }
    return found->second;
  }
  void operator()(const ProcessStarted &started) const { process().started = started; }
  void operator()(const ProcessNamed &named) const { process().name = named.name; }
  void operator()(const ProcessExecuted &executed) const {
    process().executed = record.number;
    process().program = executed.program;
  }
  void operator()(const ProcessEnded &ended) const {
    process().ended = record.number;
    process().end = ended;
  }
  template <class Other> void operator()(const Other &) const { process(); }
};

/// Whoever goes on when a process ends: the last child that it forked without executing another program.
ProcessNumber successor_of(const std::map<ProcessNumber, Process> &all, ProcessNumber number) {
  std::multimap<ProcessNumber, const Process *> children;
  for (const auto &[child, process] : all)
    if (process.started.parent)
      children.emplace(*process.started.parent, &process);
  std::set<ProcessNumber> seen;
  while (seen.insert(number).second) {
    const auto process = all.find(number);
    if (process == all.end() || !process->second.ended)
      break;
    const Process *next = nullptr;
    const auto [first, last] = children.equal_range(number);
    for (const auto &[parent, child] : std::ranges::subrange(first, last))
      if (!child->executed && !child->started.by_host && (!child->ended || child->ended > process->second.ended))
        next = child;
    if (!next)
      break;
    number = next->number;
  }
  return number;
}

/// The process that forked the first worker; else the last that opened a phase of the main process, or whoever came
/// after it.
ProcessNumber main_of(const std::map<ProcessNumber, Process> &all, const std::vector<Record> &records,
                      const HostPack &host) {
  ProcessNumber opened = all.begin()->first;
  if (all.begin()->second.started.how == ProcessStarted::How::attached)
    return successor_of(all, opened);
  for (const Record &record : records) {
    if (const auto *started = std::get_if<ProcessStarted>(&record.what);
        started && started->by_host && started->parent && all.contains(*started->parent))
      return *started->parent;
    if (const auto *began = std::get_if<PhaseBegan>(&record.what)) {
      const auto phase = std::ranges::find(host.phases, began->phase, &Phase::id);
      if (phase != host.phases.end() && phase->process == ProcessRole::main)
        opened = record.process;
    }
  }
  return successor_of(all, opened);
}

constexpr std::uint64_t kAlways = std::numeric_limits<std::uint64_t>::max();

/// Whether what the process did at this time was done by the server.
bool counts_at(const Process &process, std::uint64_t time) {
  const bool is_past = process.counts_until != kAlways;
  return (process.role != Process::Role::other || is_past) && time >= process.counts_from &&
         time < process.counts_until;
}

/// Gives the main process its past: its ancestors until each forked the next, back to the execve() of the server.
void join_past(Processes &out) {
  std::set<ProcessNumber> seen;
  std::uint64_t until = kAlways;
  for (auto at = out.all.find(out.main); at != out.all.end() && seen.insert(at->first).second;) {
    Process &process = at->second;
    process.role = at->first == out.main ? Process::Role::main : Process::Role::other;
    process.counts_until = until;
    process.counts_from = process.executed && *process.executed < until ? *process.executed : process.appeared;
    until = process.appeared;
    if (process.counts_from != process.appeared || !process.started.parent)
      return;
    at = out.all.find(*process.started.parent);
  }
}

/// Descendants of the main process, until they execute another program.
void find_workers(Processes &out) {
  unsigned newest = 0;
  // A process appears after its parent, so that one pass knows the parent's role; a forged file gets some role.
  std::vector<Process *> in_order;
  for (auto &[number, process] : out.all)
    in_order.push_back(&process);
  std::ranges::sort(in_order, {}, &Process::appeared);
  for (Process *process : in_order) {
    if (process->number == out.main || process->counts_until != kAlways)
      continue; // the main process, or its past
    process->id = ++newest;
    const Process *parent = process->started.parent ? out.find(*process->started.parent) : nullptr;
    if (!parent || !counts_at(*parent, process->appeared))
      continue;
    if (process->executed)
      process->counts_until = *process->executed;
    process->role = Process::Role::worker;
    if (!process->started.by_host && !process->executed && process->started.how != ProcessStarted::How::vforked &&
        process->started.how != ProcessStarted::How::attached)
      out.remarks.push_back("process " + std::to_string(static_cast<std::uint32_t>(process->number)) + " (pid " +
                            std::to_string(process->started.pid) +
                            ") was not forked by the host's own function: it is taken for a worker");
  }
}

void name_them(Processes &out) {
  for (auto &[number, process] : out.all) {
    if (!process.name.empty())
      continue;
    if (number == out.main)
      process.name = "main process";
    else if (process.role == Process::Role::other && process.counts_until != kAlways)
      process.name = "parent of the daemon";
    else if (process.role == Process::Role::worker && !process.executed)
      process.name =
          process.started.by_host || process.started.how == ProcessStarted::How::attached ? "worker" : "forked";
    else if (process.executed && process.program.find('/') != std::string::npos)
      process.name = process.program.substr(process.program.rfind('/') + 1);
    else
      process.name = "other";
  }
}

} // namespace

bool Processes::counts(const Record &record) const {
  const Process *process = find(record.process);
  return process && counts_at(*process, record.number);
}

Processes processes_of(const std::vector<Record> &records, const HostPack &host) {
  Processes out;
  for (const Record &record : records)
    std::visit(Reader{out.all, record}, record.what);
  if (out.all.empty())
    return out;
  out.main = main_of(out.all, records, host);
  out.attached = out.all.begin()->second.started.how == ProcessStarted::How::attached;
  join_past(out);
  find_workers(out);
  name_them(out);
  return out;
}

} // namespace initorder::trace
