// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/companions.h"

#include <algorithm>

namespace initorder {

namespace {

constexpr unsigned kMainProcess = 0;

using Positions = std::vector<Position>;

const Positions &positions_of(const std::map<unsigned, Positions> &by_process, unsigned process) {
  static const Positions kNone;
  const auto found = by_process.find(process);
  return found == by_process.end() ? kNone : found->second;
}

std::optional<Position> first_before(const Positions &positions, Position at) {
  return !positions.empty() && positions.front() < at ? std::optional(positions.front()) : std::nullopt;
}

std::optional<Position> first_after(const Positions &positions, Position at) {
  const auto found = std::upper_bound(positions.begin(), positions.end(), at);
  return found == positions.end() ? std::nullopt : std::optional(*found);
}

std::optional<Position> first_other(const Positions &positions, Position at) {
  const auto found = std::find_if(positions.begin(), positions.end(), [&](Position other) { return other != at; });
  return found == positions.end() ? std::nullopt : std::optional(*found);
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

std::optional<Position> CompanionIndex::find(Position at, Certainty certainty) const {
  const Event &event = index_.events()[at];
  const std::optional<Key> key = key_of(event, certainty);
  const auto found = key ? groups_.find(*key) : groups_.end();
  if (found == groups_.end())
    return std::nullopt;
  const Group &group = found->second;
  const unsigned process = event.place.process_id;
  switch (companion_.order) {
  case Companion::Order::anywhere:
    return first_other(group.all, at);
  case Companion::Order::earlier:
    // A worker's past is its own and that of the main process, which it was forked from.
    return first_of(first_before(positions_of(group.by_process, kMainProcess), at),
                    first_before(positions_of(group.by_process, process), at));
  case Companion::Order::later:
    // What the main process does is inherited, so its future is that of every process.
    return first_after(process == kMainProcess ? group.all : positions_of(group.by_process, process), at);
  }
  return std::nullopt;
}

} // namespace initorder
