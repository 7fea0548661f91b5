// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/sequence_index.h"

#include <algorithm>
#include <numeric>

namespace initorder {

namespace {

constexpr std::size_t kMaxForebears = 16; ///< a trace may say anything, circles too

template <class T> bool any_of(const std::vector<T> &wanted, const T &value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

} // namespace

SequenceIndex::SequenceIndex(const EventSequence &sequence, const HostPack &host) : sequence_(sequence), host_(host) {
  for (std::size_t i = 0; i < host.phases.size(); ++i)
    phase_numbers_.try_emplace(host.phases[i].id, i);
  event_phases_.reserve(events().size());
  for (Position at = 0; at < events().size(); ++at) {
    event_phases_.push_back(phase_number(events()[at].place.phase));
    by_effect_[events()[at].effect].push_back(at);
    if (const Place &place = events()[at].place; place.parent_id != kMainProcess)
      parents_.try_emplace(place.process_id, place.parent_id);
  }
  // From here events can be matched, which is how milestones are found.
  for (const Milestone &milestone : host.milestones)
    for (const Milestone::Alternative &alternative : milestone.alternatives)
      if (const std::optional<MilestonePlace> place = place_of(alternative)) {
        milestones_.try_emplace(milestone.id, *place);
        break;
      }
}

std::optional<std::size_t> SequenceIndex::phase_number(const std::string &id) const {
  const auto found = phase_numbers_.find(id);
  return found == phase_numbers_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<MilestonePlace> SequenceIndex::place_of(const Milestone::Alternative &alternative) const {
  if (!alternative.phase_begins.empty()) {
    const std::optional<std::size_t> phase = phase_number(alternative.phase_begins);
    if (!phase)
      return std::nullopt;
    const auto begins = std::find_if(event_phases_.begin(), event_phases_.end(),
                                     [&](std::optional<std::size_t> other) { return other && *other >= *phase; });
    return MilestonePlace{std::nullopt, phase, static_cast<Position>(begins - event_phases_.begin())};
  }
  for (const Position at : with_effects(alternative.event.effects))
    if ((alternative.module.empty() || alternative.module == events()[at].place.module) &&
        matches_event(alternative.event, at))
      return MilestonePlace{at, std::nullopt, at};
  return std::nullopt;
}

std::vector<Position> SequenceIndex::with_effects(const std::vector<std::string> &effects) const {
  std::vector<Position> out;
  if (effects.empty()) {
    out.resize(events().size());
    std::iota(out.begin(), out.end(), Position{0});
    return out;
  }
  for (const std::string &effect : effects)
    if (const auto found = by_effect_.find(effect); found != by_effect_.end())
      out.insert(out.end(), found->second.begin(), found->second.end());
  if (effects.size() > 1) {
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end()); // an effect may be named twice
  }
  return out;
}

const MilestonePlace *SequenceIndex::milestone(const std::string &id) const {
  const auto found = milestones_.find(id);
  return found == milestones_.end() ? nullptr : &found->second;
}

std::vector<unsigned> SequenceIndex::forebears(unsigned process) const {
  std::vector<unsigned> out;
  for (auto parent = parents_.find(process); parent != parents_.end() && out.size() < kMaxForebears;
       parent = parents_.find(parent->second))
    out.push_back(parent->second);
  if (process != kMainProcess)
    out.push_back(kMainProcess);
  return out;
}

bool SequenceIndex::comes_from(unsigned process, unsigned forebear) const {
  if (process == forebear || forebear == kMainProcess)
    return true; // almost always
  const std::vector<unsigned> all = forebears(process);
  return std::find(all.begin(), all.end(), forebear) != all.end();
}

bool SequenceIndex::forks_between(Position earlier, Position later) const {
  const std::optional<std::size_t> from = event_phases_[earlier];
  const std::optional<std::size_t> to = event_phases_[later];
  if (!from || !to || *from >= *to)
    return false;
  const auto begin = host_.phases.begin();
  return std::any_of(begin + static_cast<std::ptrdiff_t>(*from) + 1, begin + static_cast<std::ptrdiff_t>(*to) + 1,
                     [](const Phase &phase) { return phase.fork && !phase.parent_ends; });
}

/// All parts of a selector but its milestones.
bool SequenceIndex::matches_event(const Selector &selector, Position at) const {
  const Event &event = events()[at];
  const std::optional<std::size_t> phase = event_phases_[at];
  const bool before_fork = event.place.process == ProcessRole::main && phase && host_.phases[*phase].before_fork;
  return any_of(selector.effects, event.effect) && (!selector.process || *selector.process == event.place.process) &&
         any_of(selector.threads, event.place.thread) && any_of(selector.phases, event.place.phase) &&
         (!selector.before_fork || *selector.before_fork == before_fork);
}

// A phase's beginning is compared by the number of the phase: workers run at the same time as the main
// process, so an event of an earlier phase may well stand behind the first event of a later one.
bool SequenceIndex::is_before(const MilestonePlace &milestone, Position at) const {
  if (milestone.phase && event_phases_[at])
    return *event_phases_[at] < *milestone.phase;
  return at < milestone.begins;
}

bool SequenceIndex::is_after(const MilestonePlace &milestone, Position at) const {
  return at != milestone.event && !is_before(milestone, at);
}

bool SequenceIndex::matches(const Selector &selector, Position at) const {
  if (!matches_event(selector, at))
    return false;
  const auto holds = [&](const std::string &id,
                         bool (SequenceIndex::*is_there)(const MilestonePlace &, Position) const) {
    if (id.empty())
      return true;
    const MilestonePlace *place = milestone(id);
    return place && (this->*is_there)(*place, at);
  };
  return holds(selector.before, &SequenceIndex::is_before) && holds(selector.after, &SequenceIndex::is_after);
}

} // namespace initorder
