// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/merge.h"

#include "rules/message.h"

#include <algorithm>

namespace initorder {

/// Whether the violation says something that the draft did not know: a new way, or a certain one.
bool Merge::add_entry(Draft &draft, EntryId id, const Event &event, const Violation &violation) {
  const auto known = std::find_if(draft.entries.begin(), draft.entries.end(),
                                  [&](const Entry &other) { return other.id == id; });
  if (known == draft.entries.end()) {
    draft.entries.push_back({id, event, violation.pattern, violation.certainty});
    return true;
  }
  if (known->certainty == Certainty::always || violation.certainty == Certainty::maybe)
    return false;
  *known = {id, event, violation.pattern, violation.certainty};
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
  if (!add_entry(draft, keys_.entry_of(event), event, violation))
    return;
  for (const Position at : violation.related) {
    const Event &related = events[at];
    if (draft.related_keys.emplace(related.effect, keys_.site_of(related), keys_.entry_of(related)).second)
      draft.related.push_back(related);
  }
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
