// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Joins the violations of one check, from all sequences, into one finding for each site.
#pragma once

#include "rules/event_keys.h"
#include "rules/finding.h"
#include "rules/violations.h"

#include <set>
#include <unordered_map>

namespace initorder {

class Merge {
public:
  /// Keeps references to both.
  Merge(const Check &check, EventKeys &keys) : check_(check), keys_(keys) {}

  const Check &check() const { return check_; }

  /// Adds a violation found in the sequence with this number. To be called in the order of the
  /// sequences, and within one in the order of events. Events that are needed later are copied.
  void add(std::size_t sequence, const std::vector<Event> &events, const Violation &violation);

  /// A finding, with the answer for each sequence in place of its scenarios.
  struct Merged {
    Finding finding;
    std::vector<Answer> answers;
  };
  /// In order of first appearance. `sequences`: how many there were.
  std::vector<Merged> findings(std::size_t sequences) const;

private:
  /// One way to reach a site.
  struct Entry {
    EntryId id{};
    Event event;
    const Pattern *pattern = nullptr;
    Certainty certainty = Certainty::maybe;
  };
  /// What becomes one finding.
  struct Draft {
    std::vector<Entry> entries;
    std::vector<Event> related;
    std::set<std::tuple<std::string, SiteId, EntryId>> related_keys; ///< effect, site, entry
    std::vector<Answer> answers; ///< for the sequences up to the last that has it
  };

  static bool add_entry(Draft &draft, EntryId id, const std::vector<Event> &events, const Violation &violation);
  Finding finding_of(const Draft &draft) const;

  const Check &check_;
  EventKeys &keys_;
  std::vector<Draft> drafts_;
  std::unordered_map<SiteId, std::size_t> by_site_; ///< index into drafts_
};

} // namespace initorder
