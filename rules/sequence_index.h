// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One event sequence, prepared for questions: events by effect, phases by number, milestones by place.
// Positions are indices into the sequence's events.
#pragma once

#include "rules/event.h"
#include "rules/host_pack.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace initorder {

using Position = std::uint32_t;

constexpr unsigned kMainProcess = 0; ///< Place::process_id

/// Where a milestone stands in a sequence.
struct MilestonePlace {
  std::optional<Position> event;    ///< the event that is the milestone; none: a phase's beginning
  std::optional<std::size_t> phase; ///< the phase's number, for a phase's beginning
  Position begins = 0;              ///< for a phase: the first position in it or a later phase, or the end
};

/// Keeps references to both: they must live longer, and their events must not change.
class SequenceIndex {
public:
  SequenceIndex(const EventSequence &sequence, const HostPack &host);

  const std::vector<Event> &events() const { return sequence_.events; }
  /// Positions of the events with any of these effects, ascending; of all events if none is given.
  std::vector<Position> with_effects(const std::vector<std::string> &effects) const;

  /// Whether the event at `at` has all that the selector asks for.
  bool matches(const Selector &selector, Position at) const;
  /// The milestone's place, if the host has it and the sequence too.
  const MilestonePlace *milestone(const std::string &id) const;

  /// Whether the host forks, in a phase of its own, after the one event and up to the other. A fork whose parent ends
  /// (daemonize) is none: nobody shares anything with its child.
  bool forks_between(Position earlier, Position later) const;

  /// The process's forebears, nearest first, down to the main process; without itself.
  std::vector<unsigned> forebears(unsigned process) const;
  /// Whether the process is the other one, or descends from it.
  bool comes_from(unsigned process, unsigned forebear) const;

private:
  bool matches_event(const Selector &selector, Position at) const;
  bool is_before(const MilestonePlace &milestone, Position at) const;
  bool is_after(const MilestonePlace &milestone, Position at) const;
  std::optional<MilestonePlace> place_of(const Milestone::Alternative &alternative) const;
  std::optional<std::size_t> phase_number(const std::string &id) const;

  const EventSequence &sequence_;
  const HostPack &host_;
  std::unordered_map<std::string_view, std::size_t> phase_numbers_;
  std::vector<std::optional<std::size_t>> event_phases_; ///< for each event; none: no phase of the host
  std::unordered_map<unsigned, unsigned> parents_; ///< of processes that a worker has forked
  std::unordered_map<std::string_view, std::vector<Position>> by_effect_;
  std::unordered_map<std::string_view, MilestonePlace> milestones_;
};

} // namespace initorder
