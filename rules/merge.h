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
  /// `sequences`: how many there are.
  Merge(const Check &check, std::size_t sequences, EventKeys &keys)
      : check_(check), sequences_(sequences), keys_(keys) {}

  /// Adds a violation found in the sequence with this number. To be called in the order of the
  /// sequences, and within one in the order of events. The events must outlive the merge.
  void add(std::size_t sequence, const std::vector<Event> &events, const Violation &violation);

  /// A finding, with the sequences (by number) in which it holds in place of its scenarios.
  struct Merged {
    Finding finding;
    std::vector<bool> holds;
  };
  /// In order of first appearance.
  std::vector<Merged> findings() const;

private:
  /// One way to reach a site.
  struct Entry {
    EntryId id;
    const Event *event;
    const Pattern *pattern;
    Certainty certainty;
  };
  /// What becomes one finding.
  struct Draft {
    std::vector<Entry> entries;
    std::vector<const Event *> related;
    std::set<std::tuple<std::string_view, SiteId, EntryId>> related_keys; ///< effect, site, entry
    std::vector<bool> holds;
  };

  static bool add_entry(Draft &draft, const Entry &entry);
  Finding finding_of(const Draft &draft) const;

  const Check &check_;
  std::size_t sequences_;
  EventKeys &keys_;
  std::vector<Draft> drafts_;
  std::unordered_map<SiteId, std::size_t> by_site_; ///< index into drafts_
};

} // namespace initorder
