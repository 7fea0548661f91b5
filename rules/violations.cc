// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/violations.h"

#include "rules/companions.h"

#include <algorithm>
#include <tuple>

namespace initorder {

namespace {

using Companions = std::vector<CompanionIndex>;

constexpr std::string_view kCore = "core"; ///< what a host's own code is called as a module

Companions index_all(const SequenceIndex &index, const std::vector<Companion> &companions) {
  Companions out;
  for (const Companion &companion : companions)
    out.emplace_back(index, companion);
  return out;
}

/// Adds what explains a violation; what is not certain makes the violation uncertain.
void relate(const SequenceIndex &index, Position other, Violation &out) {
  out.related.push_back(other);
  if (index.events()[other].certainty == Certainty::maybe)
    out.certainty = Certainty::maybe;
}

/// Adds the events that are the selector's milestones.
void relate_milestones(const SequenceIndex &index, const Selector &selector, Violation &out) {
  for (const std::string &id : {selector.before, selector.after})
    if (const MilestonePlace *place = index.milestone(id); place && place->event)
      relate(index, *place->event, out);
}

/// Whether the violation is there only where the module is loaded: it is the module's own, or stands in its code (a
/// driver's, which others call), or needs an event of it.
bool presupposes(const SequenceIndex &index, const Violation &violation, const std::string &module) {
  const auto is_of_module = [&](Position at) {
    const Event &event = index.events()[at];
    return event.place.module == module || event.site_unit == module;
  };
  return module == kCore || is_of_module(violation.at) ||
         std::any_of(violation.related.begin(), violation.related.end(), is_of_module);
}

/// The event that shows best that the need is met: what runs wherever the violation is convinces more than what another
/// module does, which need not be loaded.
std::optional<Position> evidence(const SequenceIndex &index, const CompanionIndex &need, const Violation &violation) {
  const auto is_there = [&](Position at) { return presupposes(index, violation, index.events()[at].place.module); };
  for (const Certainty certainty : {Certainty::always, Certainty::maybe})
    if (const auto found = need.find(violation.at, certainty, is_there))
      return found;
  for (const Certainty certainty : {Certainty::always, Certainty::maybe})
    if (const auto found = need.find(violation.at, certainty))
      return found;
  return std::nullopt;
}

/// Whether all needs are met; adds the events that show it.
bool needs_met(const SequenceIndex &index, const Companions &needs, Violation &out) {
  for (const CompanionIndex &need : needs) {
    const std::optional<Position> found = evidence(index, need, out);
    if (!found)
      return false;
    out.related.push_back(*found);
    if (!need.find(out.at, Certainty::always))
      out.certainty = Certainty::maybe;
  }
  return true;
}

/// Whether a companion forbids the violation for certain; one that may be there makes it uncertain.
bool is_excused(const Companions &unless, Violation &out) {
  for (const CompanionIndex &excuse : unless) {
    if (excuse.find(out.at, Certainty::always))
      return true;
    const auto doubt = excuse.find(out.at, Certainty::maybe);
    if (!doubt)
      continue;
    if (excuse.companion().perhaps)
      return true;
    out.certainty = Certainty::maybe;
    out.doubts.push_back(*doubt);
  }
  return false;
}

/// Whether the event has no effect because another has had it: a library that is initialised is not
/// initialised again. That another module has done it is no comfort where that module is not loaded.
bool has_happened(const SequenceIndex &index, Violation &out) {
  const Event &event = index.events()[out.at];
  if (event.unless_earlier.empty())
    return false;
  // What repeats itself is a thread's own, and told by the first of its module in a phase, be that only perhaps there.
  const bool repeats = std::ranges::find(event.unless_earlier, event.effect) != event.unless_earlier.end();
  const auto parts = [](const Place &place) {
    return std::tie(place.phase, place.process, place.process_id, place.thread, place.module);
  };
  std::optional<Position> doubt;
  for (const Position at : index.with_effects(event.unless_earlier)) {
    const Event &earlier = index.events()[at];
    const bool inherited = index.comes_from(event.place.process_id, earlier.place.process_id);
    if (at >= out.at || !inherited || earlier.site == event.site)
      continue; // what the call itself has done does not excuse it
    if (repeats && parts(earlier.place) != parts(event.place))
      continue; // in another phase it may have been cleared since
    if (repeats)
      return true;
    if (earlier.certainty == Certainty::always && presupposes(index, out, earlier.place.module))
      return true;
    doubt = doubt.value_or(at);
  }
  if (!doubt)
    return false;
  out.certainty = Certainty::maybe;
  out.doubts.push_back(*doubt);
  return false;
}

void find_pattern(const SequenceIndex &index, const Pattern &pattern, std::vector<Violation> &out) {
  std::vector<Position> matched = index.with_effects(pattern.match.effects);
  std::erase_if(matched, [&](Position at) { return !index.matches(pattern.match, at); });
  if (matched.empty())
    return; // most checks in most sequences: companions are not even looked for
  const Companions needs = index_all(index, pattern.needs);
  const Companions unless = index_all(index, pattern.unless);
  for (const Position at : matched) {
    Violation violation{at, &pattern, index.events()[at].certainty, {}, {}};
    relate_milestones(index, pattern.match, violation);
    if (needs_met(index, needs, violation) && !is_excused(unless, violation) &&
        !has_happened(index, violation))
      out.push_back(std::move(violation));
  }
}

} // namespace

std::vector<Violation> find_violations(const SequenceIndex &index, const Check &check) {
  std::vector<Violation> out;
  for (const Pattern &pattern : check.patterns)
    find_pattern(index, pattern, out);
  std::stable_sort(out.begin(), out.end(), [](const Violation &a, const Violation &b) { return a.at < b.at; });
  return out;
}

} // namespace initorder
