// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/companions.h"

#include <algorithm>
#include <limits>

namespace initorder {

namespace {

using Positions = std::vector<Position>;

const Positions &positions_of(const std::map<unsigned, Positions> &by_process, unsigned process) {
  static const Positions kNone;
  const auto found = by_process.find(process);
  return found == by_process.end() ? kNone : found->second;
}

/// The first of the positions in [from, end) that `is_meant`.
template <class IsMeant>
std::optional<Position> first_in(const Positions &positions, Position from, Position end, IsMeant is_meant) {
  for (auto at = std::lower_bound(positions.begin(), positions.end(), from); at != positions.end() && *at < end; ++at)
    if (is_meant(*at))
      return *at;
  return std::nullopt;
}

std::optional<Position> first_of(std::optional<Position> a, std::optional<Position> b) {
  return a && b ? std::min(*a, *b) : a ? a : b;
}

} // namespace

CompanionIndex::CompanionIndex(const SequenceIndex &index, const Companion &companion)
    : index_(index), companion_(companion) {
  for (const Position at : index.with_effects(companion.selector.effects)) {
    if (!index.matches(companion.selector, at))
      continue;
    const Event &event = index.events()[at];
    const std::optional<Key> key = key_of(event, event.certainty);
    if (!key)
      continue; // has no resource to share
    Group &group = groups_[*key];
    group.all.push_back(at);
    group.by_process[event.place.process_id].push_back(at);
  }
}

std::optional<CompanionIndex::Key> CompanionIndex::key_of(const Event &event, Certainty certainty) const {
  if (companion_.same_resource && !event.resource)
    return std::nullopt;
  return Key{companion_.same_resource ? event.resource : std::nullopt,
             companion_.same_library ? std::string_view(event.library) : std::string_view(),
             companion_.same_module ? std::string_view(event.place.module) : std::string_view(), certainty};
}

template <class IsMeant>
std::optional<Position> CompanionIndex::find_in(const Group &group, Position at, const IsMeant &is_meant) const {
  const Event &event = index_.events()[at];
  const unsigned process = companion_.in_child && event.child != kMainProcess ? event.child : event.place.process_id;
  constexpr Position end = std::numeric_limits<Position>::max();
  std::optional<Position> found;
  switch (companion_.order) {
  case Companion::Order::anywhere:
    return first_in(group.all, 0, end, is_meant);
  case Companion::Order::earlier:
    // A worker's past is its own and that of the processes which it was forked from.
    found = first_in(positions_of(group.by_process, process), 0, at, is_meant);
    for (const unsigned forebear : index_.forebears(process))
      found = first_of(first_in(positions_of(group.by_process, forebear), 0, at, is_meant), found);
    return found;
  case Companion::Order::later:
    // What a process does is inherited, so its future is that of every process which comes from it.
    if (companion_.same_process)
      return first_in(positions_of(group.by_process, process), at + 1, end, is_meant);
    if (process == kMainProcess)
      return first_in(group.all, at + 1, end, is_meant);
    for (const auto &[other, positions] : group.by_process)
      if (index_.comes_from(other, process))
        found = first_of(first_in(positions, at + 1, end, is_meant), found);
    return found;
  }
  return std::nullopt;
}

std::optional<Position> CompanionIndex::find(Position at, Certainty certainty,
                                             const std::function<bool(Position)> &is_wanted) const {
  const Event &event = index_.events()[at];
  const std::optional<Key> key = key_of(event, certainty);
  const auto found = key ? groups_.find(*key) : groups_.end();
  if (found == groups_.end())
    return std::nullopt;
  // Almost always the first one is meant.
  const auto is_meant = [&](Position other) {
    const std::string &object = index_.events()[other].object;
    return other != at && (!companion_.before_next_fork || !index_.forks_between(at, other)) &&
           (!companion_.other_object || (!object.empty() && !event.object.empty() && object != event.object));
  };
  if (!is_wanted)
    return find_in(found->second, at, is_meant);
  return find_in(found->second, at, [&](Position other) { return is_meant(other) && is_wanted(other); });
}

} // namespace initorder
