// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each function is gone into once for each process and thread, in the order in which they are first met. The way shown
// is a certain one if there is any, and of those the shortest.
#include "analyzer/simulate/expand.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

namespace initorder {
namespace {

constexpr std::size_t kMaxConditions = 6; ///< that a path collects; more say no more
constexpr unsigned kMaxGenerations = 8;   ///< of processes that one function forks from each other

/// A function's summary, in one process and on one thread.
struct Stage {
  const Summary *summary = nullptr;
  ThreadRole thread = ThreadRole::main;
  ProcessRole process = ProcessRole::main;
  unsigned process_id = 0;
  bool error_ends = false; ///< when the function ends with an error, the server does not start
  const LibraryFunction *opens_as = nullptr; ///< the outermost call that opens something, while in its driver

  friend auto operator<=>(const Stage &, const Stage &) = default;
};

/// The way to a stage: of those that are certain, if there is one, the shortest.
struct Way {
  std::pair<bool, unsigned> cost{true, ~0u}; ///< perhaps, steps
  const Stage *from = nullptr;
  const Item *call = nullptr; ///< in `from`
};

class Expander {
public:
  Expander(const Walker &walker, const Root &root) : walker_(walker), program_(walker.program()), root_(root) {}

  Expansion expand(const Summary &summary) {
    const Stage start{&summary, root_.place.thread, root_.place.process, root_.place.process_id,
                      summary.does_something_on_error};
    find_ways(start);
    go_into(start);
    return std::move(out_);
  }

private:
  void find_ways(const Stage &start) {
    using Cost = std::pair<bool, unsigned>;
    std::set<std::pair<Cost, const Stage *>> pending;
    const auto offer = [&](const Stage &stage, const Way &way) {
      const auto [known, added] = ways_.try_emplace(stage);
      if (way.cost >= known->second.cost)
        return;
      pending.erase({known->second.cost, &known->first});
      known->second = way;
      pending.emplace(way.cost, &known->first);
    };
    offer(start, {{root_.certainty == Certainty::maybe, 0}, nullptr, nullptr});
    while (!pending.empty()) {
      const auto [cost, stage] = *pending.begin();
      pending.erase(pending.begin());
      for (const Item &item : stage->summary->items)
        if (item.into && happens(*stage, item))
          offer(stage_of(*stage, item),
                {{cost.first || item.certainty == Certainty::maybe, cost.second + 1}, stage, &item});
    }
  }

  /// What was done on the way to an error that ends the start hurts nobody.
  static bool happens(const Stage &stage, const Item &item) { return !stage.error_ends || !item.only_on_error; }

  Stage stage_of(const Stage &from, const Item &item) {
    Stage out = from;
    out.summary = item.into;
    out.process = item.process;
    out.process_id = process_of(from, item);
    if (item.thread)
      out.thread = root_.open_after.contains(*item.thread) ? ThreadRole::other : ThreadRole::temporary;
    if (!out.opens_as)
      out.opens_as = item.opens_as;
    out.error_ends = from.error_ends && item.passes_error_on && item.into->does_something_on_error;
    return out;
  }

  unsigned process_of(const Stage &stage, const Item &item, unsigned generations = 0) {
    return item.fork == 0 ? stage.process_id : child_of(parent_of(stage, item.fork, generations), item.fork);
  }

  /// Who forked: a process that was forked in the same function may do so in its turn.
  unsigned parent_of(const Stage &stage, ResourceId fork, unsigned generations) {
    if (generations < kMaxGenerations)
      for (const Item &item : stage.summary->items)
        if (item.fork != fork && makes(item, fork, stage))
          return process_of(stage, item, generations + 1);
    return stage.process_id;
  }

  /// Whether the call makes the process, or comes back in it.
  static bool makes(const Item &item, ResourceId fork, const Stage &stage) {
    if (item.api)
      return item.api->forks && call_id(stage.summary->function, item.call) == fork;
    return item.into && std::ranges::any_of(item.into->outcomes,
                                            [&](const Outcome &outcome) { return outcome.state.fork == fork; });
  }

  unsigned child_of(unsigned parent, ResourceId fork) {
    const auto [known, added] = children_.try_emplace({parent, fork});
    if (added) {
      known->second = ++*root_.processes;
      parents_[known->second] = parent;
    }
    return known->second;
  }

  /// Of the root's own process it is the one that the root tells.
  void set_process(unsigned process, Place &place) const {
    place.process_id = process;
    if (const auto known = parents_.find(process); known != parents_.end())
      place.parent_id = known->second;
  }

  /// Each stage once: its events stand where it is met first.
  void go_into(const Stage &stage) {
    if (!visited_.insert(stage).second)
      return;
    std::optional<Trail> trail; // most stages only lead to others
    for (const Item &item : stage.summary->items)
      if (!happens(stage, item))
        continue;
      else if (item.into)
        go_into(stage_of(stage, item));
      else if (item.untold)
        add_untold(stage, item);
      else if (item.api)
        add_call(stage, item, trail ? *trail : trail.emplace(trail_to(stage)));
  }

  struct Trail {
    std::vector<PathStep> path;
    std::vector<std::string> conditions;
    Certainty certainty = Certainty::always;
  };

  static void add_conditions(const Item &item, Trail &trail) {
    if (item.certainty == Certainty::maybe)
      trail.certainty = Certainty::maybe;
    for (const std::string &condition : item.conditions)
      if (trail.conditions.size() < kMaxConditions &&
          std::find(trail.conditions.begin(), trail.conditions.end(), condition) == trail.conditions.end())
        trail.conditions.push_back(condition);
  }

  Trail trail_to(const Stage &stage) const {
    std::vector<const Way *> ways;
    for (const Way *way = &ways_.at(stage); way->call; way = &ways_.at(*way->from))
      ways.push_back(way);
    Trail out{root_.path, root_.conditions, root_.certainty};
    for (auto way = ways.rbegin(); way != ways.rend(); ++way) {
      const Item &item = *(*way)->call;
      add_conditions(item, out);
      const Function &function = program_.functions()[(*way)->from->summary->function];
      const std::string &name = program_.functions()[item.into->function].facts.name;
      out.path.push_back({program_.place(function.translation_unit, item.at), function.facts.name,
                          name == item.callee ? fmt::format("calls {}()", name)
                                              : fmt::format("calls {}() through {}", name, item.callee.text())});
    }
    return out;
  }

  /// By the call that this one is a part of.
  static bool is_told(const Stage &stage, const std::string &effect) {
    return stage.opens_as && std::ranges::any_of(stage.opens_as->effects,
                                                 [&](const CallEffect &whole) { return whole.effect == effect; });
  }

  void add_call(const Stage &stage, const Item &item, Trail trail) {
    const Function &function = program_.functions()[stage.summary->function];
    const SourcePlace at = program_.place(function.translation_unit, item.at);
    add_conditions(item, trail);
    trail.path.push_back({at, function.facts.name, fmt::format("calls {}()", item.callee.text())});
    Fork fork{out_.events.size(), 0, process_of(stage, item), 0};
    if (item.api->forks)
      fork.child = child_of(fork.parent, call_id(stage.summary->function, item.call));
    add_events(stage, item, at, trail, fork.child);
    for (const auto &[when, handler] : item.registers)
      add_handler(when, handler, stage, item, trail);
    fork.end = out_.events.size();
    if (item.api->forks && !item.api->effects.empty()) // vfork() runs no at-fork handlers
      out_.forks.push_back(fork);
  }

  Place place_of(const Stage &stage, const Item &item) {
    Place place = root_.place;
    place.process = item.process;
    set_process(process_of(stage, item), place);
    place.thread = stage.thread;
    // What a module forks in a worker is none of the host's workers, and in no phase of the host.
    if (root_.place.process == ProcessRole::worker && place.process_id != root_.place.process_id)
      place.phase = "module-process";
    return place;
  }

  /// A module's own: a helper that two modules share opens one for each.
  std::uint64_t resource_of(ResourceId id) const {
    return id ^ (std::hash<std::string>{}(root_.place.module) << 1);
  }

  void add_events(const Stage &stage, const Item &item, const SourcePlace &at, const Trail &trail, unsigned child) {
    const Function &function = program_.functions()[stage.summary->function];
    for (const auto &[effect, effect_certainty] : item.effects) {
      if (is_told(stage, effect->effect))
        continue;
      Event event;
      event.effect = effect->effect;
      event.call = item.api->name;
      event.library = program_.library_of(item.api);
      event.why = effect->why;
      event.unless_earlier = effect->unless_earlier;
      event.source = item.api->source;
      event.place = place_of(stage, item);
      if (effect->in_child) {
        event.place.process = ProcessRole::worker;
        set_process(child, event.place);
        event.place.thread = ThreadRole::main;
      } else {
        event.child = child;
      }
      event.site = at;
      event.site_function = function.facts.name;
      event.site_unit = program_.tree().units[function.unit].name;
      event.path = trail.path;
      event.conditions = trail.conditions;
      event.certainty = effect_certainty == Certainty::maybe ? Certainty::maybe : trail.certainty;
      if (item.closes)
        add_closing(item, std::move(event));
      else {
        if (!item.resources.empty())
          event.resource = resource_of(item.resources.front());
        add(std::move(event));
      }
    }
  }

  // A closing call counts where nothing that it could close is left open in the end.
  void add_closing(const Item &item, Event event) {
    if (item.resources.empty()) {
      for (const ResourceId id : root_.perhaps_closed_after)
        if (root_.open_after.contains(id) && program_.library_of(walker_.opener(id)) == event.library) {
          Event perhaps = event;
          perhaps.resource = resource_of(id);
          perhaps.certainty = Certainty::maybe;
          add(std::move(perhaps));
        }
      return;
    }
    for (const ResourceId id : item.resources)
      if (!root_.open_after.contains(id)) {
        Event closed = event;
        closed.resource = resource_of(id);
        closed.certainty = Certainty::always;
        closed.conditions.clear();
        add(std::move(closed));
      }
  }

  void add(Event event) {
    const auto key = std::make_tuple(event.site, event.call, event.effect, event.place.process_id, event.place.thread,
                                     event.resource);
    const auto [known, added] = by_site_.try_emplace(key, out_.events.size());
    if (added)
      out_.events.push_back(std::move(event));
    else if (Event &first = out_.events[known->second];
             std::pair(event.certainty, event.path.size()) < std::pair(first.certainty, first.path.size()))
      first = std::move(event);
  }

  void add_handler(RunsCallback::When when, const Callable &handler, const Stage &stage, const Item &item,
                   const Trail &trail) {
    if (process_of(stage, item) != root_.place.process_id)
      return;
    RegisteredHandler registered{when, handler, root_, out_.events.size()};
    registered.root.path = trail.path;
    registered.root.conditions = trail.conditions;
    registered.root.certainty = trail.certainty;
    out_.handlers.push_back(std::move(registered));
  }

  void add_untold(const Stage &stage, const Item &item) {
    const SourcePlace at = program_.place(program_.functions()[stage.summary->function].translation_unit, item.at);
    if (item.process == ProcessRole::main && told_.insert(at).second)
      out_.untold.push_back({Caveat::Kind::cannot_tell, at, "cannot tell where the call of " + item.callee.text() + " goes"});
  }

  const Walker &walker_;
  const Program &program_;
  const Root &root_;
  Expansion out_;
  std::map<Stage, Way> ways_;
  std::set<Stage> visited_;
  std::map<std::pair<unsigned, ResourceId>, unsigned> children_; ///< by parent and call
  std::map<unsigned, unsigned> parents_;                         ///< of the children
  std::map<std::tuple<SourcePlace, std::string, std::string, unsigned, ThreadRole, std::optional<std::uint64_t>>,
           std::size_t>
      by_site_;
  std::set<SourcePlace> told_;
};

} // namespace

Expansion expand(const Walker &walker, const Summary &summary, const Root &root) {
  return Expander(walker, root).expand(summary);
}

} // namespace initorder
