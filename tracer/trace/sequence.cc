// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/sequence.h"

#include "tracer/trace/objects.h"
#include "tracer/trace/resources.h"
#include "tracer/trace/site.h"
#include "tracer/trace/threads.h"
#include "tracer/trace/where.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <tuple>
#include <utility>

namespace initorder::trace {
namespace {

/// "tsd" for "tsd.key.create": what an effect is about.
std::string kind_of(const std::string &effect) {
  return effect.substr(0, effect.find('.'));
}

/// The frames from the call that opened the phase to the call into the library, outermost first.
std::vector<const Frame *> frames_of(const Where &where, const Called &called, const Site &site) {
  std::vector<const Frame *> frames;
  if (!site.caller)
    return frames;
  for (const Frame *frame = &called.stack.back(); frame >= site.caller; --frame)
    if (frames.empty() || frame->object != frames.back()->object || frame->offset != frames.back()->offset)
      frames.push_back(frame); // a recursion is told once
  // What stands around it (main, _start) is the same for all.
  const auto find = [&](const std::string &function) {
    return std::ranges::find(frames, function, [](const Frame *frame) { return frame->function; });
  };
  const auto opener = where.opened_by.empty() ? frames.end() : find(where.opened_by);
  if (opener != frames.end() && opener != frames.begin())
    frames.erase(frames.begin(), std::prev(opener));
  else
    frames.erase(frames.begin(), find("main") == frames.end() ? frames.begin() : find("main"));
  return frames;
}

std::vector<PathStep> path_of(const Where &where, const HostPack &host, const Called &called, const Site &site) {
  std::vector<PathStep> path;
  std::string entry = where.entry ? describe(*where.entry) : ""; // until it has been told
  const std::vector<const Frame *> frames = frames_of(where, called, site);
  bool begins_entry = false;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const Frame &frame = *frames[i];
    const bool is_last = i + 1 == frames.size();
    std::string callee = is_last ? site.call + "()" : frames[i + 1]->function;
    if (!is_last && !callee.empty())
      callee += "()";
    // A module's entry is called from outside, through a pointer; often it has no name of its own.
    PathStep step{place_of(frame), frame.function, {}};
    if (begins_entry && step.function.empty())
      step.function = where.entry->entry;
    begins_entry = !entry.empty() && !is_last && unit_of(frames[i + 1]->object) == where.entry->module &&
                   frames[i + 1]->object != frame.object;
    if (begins_entry)
      callee = std::exchange(entry, {});
    step.text = callee.empty() ? "calls" : "calls " + callee;
    path.push_back(std::move(step));
  }
  if (!entry.empty())
    path.insert(path.begin(), {{}, where.entry->entry, std::move(entry)});
  if (const auto phase = std::ranges::find(host.phases, where.phase, &Phase::id); phase != host.phases.end()) {
    if (!path.empty() && path.front().text.starts_with("calls "))
      path.front().text = fmt::format("phase {}: {}", phase->id, path.front().text);
    else
      path.insert(path.begin(), {{}, {}, "phase " + phase->id + ": " + phase->title});
  }
  return path;
}

/// An event and when it was.
struct Timed {
  std::uint64_t time;
  Event event;
};

class Builder {
public:
  Builder(const std::vector<Record> &records, const Processes &processes, const HostPack &host,
          const std::vector<LibraryPack> &libraries)
      : processes_(processes), host_(host), libraries_(libraries), calls_(records, host, libraries),
        threads_(records, processes, calls_), wheres_(records, host), resources_(processes) {}

  EventSequence build() {
    // In the order of time, so that handles mean what they meant then. What a call opens is there when it returns.
    for (const Call &call : calls_.all())
      if (processes_.counts(*call.record))
        add(call);
    return in_order_of_forks();
  }

private:
  void add(const Call &call) {
    Site site = site_of(*call.called, calls_, libraries_);
    name_tail_call(call, site);
    const Process &process = *processes_.find(call.record->process);
    Event event;
    event.call = site.call;
    event.library = call.called->library;
    event.place = place_of_call(call, process);
    if (site.caller) {
      event.site = place_of(*site.caller);
      event.site_function = site.caller->function;
      event.site_unit = unit_of(site.caller->object);
      event.object = base_name(site.caller->object);
    } else {
      event.site = {call.called->stack.empty() ? "" : place_of(call.called->stack.back()).file};
      event.site_unit = event.place.module;
    }
    event.path = path_of(wheres_.at(*call.record), host_, *call.called, site);
    for (const std::string &effect : call.called->effects) {
      const CallEffect *known = calls_.effect(*call.called, effect).effect;
      if ((known && known->on_failure) == call.failed)
        add(call, process.id, effect, event);
    }
  }

  /// A function that jumps to another one at its end (RAND_bytes() to RAND_bytes_ex()) is not on the stack, and the
  /// other one seems to be called from its caller. The call that was seen last there tells.
  void name_tail_call(const Call &call, Site &site) {
    if (!site.caller)
      return;
    const auto at = std::tuple(call.record->process, call.record->thread, std::string_view(site.caller->object),
                               site.caller->offset);
    if (site.caller == &call.called->stack[1])
      seen_at_.insert_or_assign(at, call.called);
    const auto seen = seen_at_.find(at);
    if (seen != seen_at_.end() && seen->second->library == call.called->library)
      site.call = seen->second->function;
  }

  void add(const Call &call, unsigned process, const std::string &name, Event event) {
    const EffectOfCall known = calls_.effect(*call.called, name);
    event.effect = name;
    if (known.effect) {
      event.library = *known.library;
      event.why = known.effect->why;
      event.source = known.function->source;
    }
    if (event.call != call.called->function)
      event.why = fmt::format("in {}(){}{}", call.called->function, event.why.empty() ? "" : ": ", event.why);
    event.resource = resource_of(call, name);
    for (const LibraryPack &library : libraries_)
      for (const OwnCall &own : library.own_calls)
        if (own.effect == name && is_object_of(library, event.object))
          add_own(call, process, library, own, event);
    const bool starts = name == "thread.start";
    put(process, call.record->number, event);
    if (starts)
      add_end_of_thread(call, process, std::move(event));
  }

  void add_own(const Call &call, unsigned process, const LibraryPack &library, const OwnCall &own, Event event) {
    event.effect = own.means;
    event.library = library.name;
    event.why = own.why;
    event.source = own.source;
    put(process, call.record->number, std::move(event));
  }

  /// A thread that ended by itself before the fork is as good as joined.
  void add_end_of_thread(const Call &call, unsigned process, Event event) {
    const ThreadLife *life = threads_.started_by(call);
    if (!life || !life->ended || life->joined || life->role != ThreadRole::temporary)
      return;
    event.effect = "thread.join";
    event.why = "the thread has ended";
    put(process, *life->ended, std::move(event));
  }

  Place place_of_call(const Call &call, const Process &process) const {
    const Where &where = wheres_.at(*call.record);
    Place place;
    place.phase = where.phase;
    place.process = process.role == Process::Role::worker ? ProcessRole::worker : ProcessRole::main;
    place.process_id = process.id;
    if (const Process *parent = process.started.parent ? processes_.find(*process.started.parent) : nullptr)
      place.parent_id = parent->id;
    place.thread = threads_.role_of(*call.record);
    place.module = call.record->module.empty() ? "core" : call.record->module;
    return place;
  }

  std::optional<std::uint64_t> resource_of(const Call &call, const std::string &effect) {
    if (!call.function)
      return std::nullopt;
    const std::optional<ResourceRef> &ref = call.function->resource ? call.function->resource : call.function->uses;
    const std::optional<std::int64_t> handle = ref ? call.handle(*ref) : std::nullopt;
    if (!handle)
      return std::nullopt;
    const std::string kind = kind_of(effect);
    const ProcessNumber process = call.record->process;
    const std::uint64_t time = call.record->number;
    if (!call.function->resource)
      return resources_.find(process, kind, *handle, time);
    return ref->closes ? resources_.close(process, kind, *handle, time) : resources_.open(process, kind, *handle, time);
  }

  void put(unsigned process, std::uint64_t time, Event event) {
    by_process_[process].push_back({time, std::move(event)});
  }

  /// Each process's events in order of time; where it forked, those of the child.
  EventSequence in_order_of_forks() {
    struct Fork {
      std::uint64_t time;
      unsigned child;
    };
    struct Cursor {
      std::vector<Timed> *events;
      std::vector<Fork> *forks;
      std::size_t event = 0, fork = 0;
    };
    std::map<unsigned, std::vector<Fork>> forks;
    for (const auto &[number, process] : processes_.all)
      if (const Process *parent = process.started.parent ? processes_.find(*process.started.parent) : nullptr;
          parent && process.id != 0 && parent->appeared < process.appeared)
        forks[parent->id].push_back({process.appeared, process.id});
    for (auto &[process, list] : forks)
      std::ranges::stable_sort(list, {}, &Fork::time);
    for (auto &[process, list] : by_process_)
      std::ranges::stable_sort(list, {}, &Timed::time);

    EventSequence out;
    std::vector<Cursor> open{{&by_process_[0], &forks[0]}};
    while (!open.empty()) {
      Cursor &at = open.back();
      const bool has_event = at.event < at.events->size();
      const bool has_fork = at.fork < at.forks->size();
      if (has_fork && (!has_event || (*at.forks)[at.fork].time < (*at.events)[at.event].time)) {
        const unsigned child = (*at.forks)[at.fork++].child;
        open.push_back({&by_process_[child], &forks[child]});
      } else if (has_event) {
        out.events.push_back(std::move((*at.events)[at.event++].event));
      } else {
        open.pop_back();
      }
    }
    return out;
  }

  const Processes &processes_;
  const HostPack &host_;
  const std::vector<LibraryPack> &libraries_;
  Calls calls_;
  Threads threads_;
  Wheres wheres_;
  Resources resources_;
  /// The latest call from each place: process, thread, object, offset.
  std::map<std::tuple<ProcessNumber, std::int32_t, std::string_view, std::uint64_t>, const Called *> seen_at_;
  std::map<unsigned, std::vector<Timed>> by_process_;
};

} // namespace

EventSequence sequence_of(const std::vector<Record> &records, const Processes &processes, const HostPack &host,
                          const std::vector<LibraryPack> &libraries) {
  return Builder(records, processes, host, libraries).build();
}

EventSequence sequence_of(const std::vector<Record> &records, const HostPack &host,
                          const std::vector<LibraryPack> &libraries) {
  return sequence_of(records, processes_of(records, host), host, libraries);
}

} // namespace initorder::trace
