// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/merge.h"

#include "rules/message.h"

#include <algorithm>

namespace initorder {

namespace {

/// "RAND_set_rand_method (src/modules/tls/tls_mod.c:642) does not make up for it"
std::string condition_of(const Event &doubt) {
  const std::string line = doubt.site.line == 0 ? "" : ":" + std::to_string(doubt.site.line);
  return (doubt.call.empty() ? doubt.effect : doubt.call) + " (" + doubt.site.file + line + ") does not make up for it";
}

} // namespace

/// Whether the violation says something that the draft did not know: a new way, or a certain one.
bool Merge::add_entry(Draft &draft, EntryId id, const std::vector<Event> &events, const Violation &violation) {
  auto known = std::find_if(draft.entries.begin(), draft.entries.end(),
                            [&](const Entry &other) { return other.id == id; });
  if (known == draft.entries.end())
    known = draft.entries.emplace(known);
  else if (known->certainty == Certainty::always || violation.certainty == Certainty::maybe)
    return false;
  *known = {id, events[violation.at], violation.pattern, violation.certainty};
  for (const Position doubt : violation.doubts)
    known->event.conditions.push_back(condition_of(events[doubt]));
  return true;
}

void Merge::add(std::size_t sequence, const std::vector<Event> &events, const Violation &violation) {
  const Event &event = events[violation.at];
  const auto [draft_index, is_new] = by_site_.try_emplace(keys_.site_of(event), drafts_.size());
  if (is_new)
    drafts_.emplace_back();
  Draft &draft = drafts_[draft_index->second];
  if (draft.answers.size() <= sequence)
    draft.answers.resize(sequence + 1);
  draft.answers[sequence] = std::max(
      draft.answers[sequence], violation.certainty == Certainty::always ? Answer::holds : Answer::cannot_tell);
  if (!add_entry(draft, keys_.entry_of(event), events, violation))
    return;
  const auto relate = [&](const Event &related) {
    if (draft.related_keys.emplace(related.effect, keys_.site_of(related), keys_.entry_of(related)).second)
      draft.related.push_back(related);
  };
  for (const Position at : violation.related)
    relate(events[at]);
  for (const Position at : violation.doubts)
    relate(events[at]);
}

Finding Merge::finding_of(const Draft &draft) const {
  const Entry &first = draft.entries.front();
  Finding out;
  out.rule = check_.id;
  out.severity = check_.severity;
  out.message = fill_message(first.pattern->says, first.event);
  out.site = first.event.site;
  out.call = first.event.call;
  out.certainty = Certainty::maybe;
  for (const Entry &entry : draft.entries) {
    out.events.push_back(entry.event);
    if (entry.certainty == Certainty::always)
      out.certainty = Certainty::always;
  }
  out.related = draft.related;
  return out;
}

std::vector<Merge::Merged> Merge::findings(std::size_t sequences) const {
  std::vector<Merged> out;
  for (const Draft &draft : drafts_) {
    out.push_back({finding_of(draft), draft.answers});
    out.back().answers.resize(sequences);
  }
  return out;
}

} // namespace initorder
