// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Finds the companions of events. What a companion's selector matches is looked up once for each
// sequence, so that each question costs a binary search, however many events there are.
#pragma once

#include "rules/sequence_index.h"

#include <functional>
#include <map>
#include <tuple>

namespace initorder {

/// All events of one sequence that a companion's selector matches.
class CompanionIndex {
public:
  CompanionIndex(const SequenceIndex &index, const Companion &companion);

  /// The first event of this certainty that stands to the event at `at` as the companion says; never
  /// that event itself. With `is_wanted`, the first of those.
  std::optional<Position> find(Position at, Certainty certainty,
                               const std::function<bool(Position)> &is_wanted = {}) const;

  const Companion &companion() const { return companion_; }

private:
  using Positions = std::vector<Position>; ///< ascending
  /// What a companion must share with the event: resource, library, module, where it must share them.
  struct Key {
    std::optional<std::uint64_t> resource;
    std::string_view library;
    std::string_view module;
    Certainty certainty;
    auto operator<=>(const Key &) const = default;
  };
  struct Group {
    Positions all;
    std::map<unsigned, Positions> by_process;
  };

  template <class IsMeant>
  std::optional<Position> find_in(const Group &group, Position at, const IsMeant &is_meant) const;
  std::optional<Key> key_of(const Event &event, Certainty certainty) const;

  const SequenceIndex &index_;
  const Companion &companion_;
  std::map<Key, Group> groups_;
};

} // namespace initorder
