// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Each function is gone into once for each process and thread: the first way to it is the one shown, unless
// a later one is certain and the first was not.
#include "analyzer/simulate/expand.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace initorder {
namespace {

constexpr std::size_t kMaxConditions = 6; ///< that a path collects; more say no more

class Expander {
public:
  Expander(const Walker &walker, const Root &root) : walker_(walker), program_(walker.program()), root_(root) {
    path_ = root.path;
    conditions_ = root.conditions;
  }

  Expansion take() { return std::move(out_); }

  /// `error_ends`: when the function ends with an error, the server does not start.
  void go_into(const Summary &summary, Certainty certainty, ThreadRole thread, bool error_ends) {
    error_ends = error_ends && summary.does_something_on_error;
    const auto [seen, added] = visited_.try_emplace({&summary, thread, error_ends, opens_as_}, certainty);
    if (!added && (seen->second == Certainty::always || certainty == Certainty::maybe))
      return;
    seen->second = certainty;
    const Function &function = program_.functions()[summary.function];
    // What was done on the way to an error that ends the start hurts nobody.
    for (const Item &item : summary.items)
      if (!error_ends || !item.only_on_error)
        expand_item(function, item, certainty, thread, error_ends && item.passes_error_on);
  }

private:
  void expand_item(const Function &function, const Item &item, Certainty certainty, ThreadRole thread,
                   bool error_ends) {
    const std::size_t conditions_before = conditions_.size();
    if (item.certainty == Certainty::maybe)
      certainty = Certainty::maybe;
    for (const std::string &condition : item.conditions)
      if (conditions_.size() < kMaxConditions &&
          std::find(conditions_.begin(), conditions_.end(), condition) == conditions_.end())
        conditions_.push_back(condition);
    const SourcePlace at = program_.place(function.translation_unit, item.at);
    if (item.untold) {
      add_untold(item, at);
    } else if (item.into) {
      const std::string &name = program_.functions()[item.into->function].facts.name;
      path_.push_back({at, function.facts.name,
                       name == item.callee ? fmt::format("calls {}()", name)
                                           : fmt::format("calls {}() through {}", name, item.callee.text())});
      const LibraryFunction *const outer = opens_as_;
      if (!outer)
        opens_as_ = item.opens_as;
      go_into(*item.into, certainty, item.thread ? role_of(*item.thread) : thread, error_ends);
      opens_as_ = outer;
      path_.pop_back();
    } else if (item.api) {
      path_.push_back({at, function.facts.name, fmt::format("calls {}()", item.callee.text())});
      add_events(function, item, at, certainty, thread);
      for (const auto &[when, handler] : item.registers)
        add_handler(when, handler, item, certainty);
      path_.pop_back();
    }
    conditions_.resize(std::min(conditions_before, conditions_.size()));
  }

  /// By the call that this one is a part of.
  bool is_told(const std::string &effect) const {
    return opens_as_ && std::any_of(opens_as_->effects.begin(), opens_as_->effects.end(),
                                    [&](const CallEffect &whole) { return whole.effect == effect; });
  }

  ThreadRole role_of(ResourceId thread) const {
    return root_.open_after.contains(thread) ? ThreadRole::other : ThreadRole::temporary;
  }

  Place place_of(const Item &item, ThreadRole thread) const {
    Place place = root_.place;
    if (item.process != root_.place.process) {
      place.process = item.process;
      place.process_id = root_.forked_process;
    }
    place.thread = thread;
    return place;
  }

  /// A module's own: a helper that two modules share opens one for each.
  std::uint64_t resource_of(ResourceId id) const {
    return id ^ (std::hash<std::string>{}(root_.place.module) << 1);
  }

  void add_events(const Function &function, const Item &item, const SourcePlace &at, Certainty certainty,
                  ThreadRole thread) {
    for (const auto &[effect, effect_certainty] : item.effects) {
      if (is_told(effect->effect))
        continue;
      Event event;
      event.effect = effect->effect;
      event.call = item.api->name;
      event.library = program_.library_of(item.api);
      event.why = effect->why;
      event.unless_earlier = effect->unless_earlier;
      event.source = item.api->source;
      event.place = place_of(item, thread);
      event.site = at;
      event.site_function = function.facts.name;
      event.site_unit = program_.tree().units[function.unit].name;
      event.path = path_;
      event.conditions = conditions_;
      event.certainty = effect_certainty == Certainty::maybe ? Certainty::maybe : certainty;
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
    const auto key = std::make_tuple(event.site, event.call, event.effect, event.place.process_id, event.resource);
    const auto [known, added] = by_site_.try_emplace(key, out_.events.size());
    if (added)
      out_.events.push_back(std::move(event));
    else if (Event &first = out_.events[known->second];
             first.certainty == Certainty::maybe && event.certainty == Certainty::always)
      first = std::move(event);
  }

  void add_handler(RunsCallback::When when, const Callable &handler, const Item &item, Certainty certainty) {
    if (item.process != root_.place.process)
      return;
    RegisteredHandler registered{when, handler, root_};
    registered.root.path = path_;
    registered.root.conditions = conditions_;
    registered.root.certainty = certainty;
    out_.handlers.push_back(std::move(registered));
  }

  void add_untold(const Item &item, const SourcePlace &at) {
    if (item.process == ProcessRole::main && told_.insert(at).second)
      out_.untold.push_back({Caveat::Kind::cannot_tell, at, "cannot tell where the call of " + item.callee.text() + " goes"});
  }

  const Walker &walker_;
  const Program &program_;
  const Root &root_;
  Expansion out_;
  std::vector<PathStep> path_;
  std::vector<std::string> conditions_;
  const LibraryFunction *opens_as_ = nullptr; ///< the outermost call that opens something, while in its driver
  std::map<std::tuple<const Summary *, ThreadRole, bool, const LibraryFunction *>, Certainty> visited_;
  std::map<std::tuple<SourcePlace, std::string, std::string, unsigned, std::optional<std::uint64_t>>, std::size_t>
      by_site_;
  std::set<SourcePlace> told_;
};

} // namespace

Expansion expand(const Walker &walker, const Summary &summary, const Root &root) {
  Expander expander(walker, root);
  expander.go_into(summary, root.certainty, root.place.thread, /*error_ends=*/true);
  return expander.take();
}

} // namespace initorder
