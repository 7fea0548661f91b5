// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a trace does not show because no probe sees it, and what that means for each rule: that an effect is missing from the
// trace says nothing then.
//
//   an excuse (`unless`) is not watched   the pattern is judged without it. What is found so may be excused: it is no finding (what
//                                         is too hot to be watched is common), and it is told with its place. If nothing is
//                                         found, nothing needs an excuse.
//   what breaks the rule is not watched   the pattern finds nothing, whatever is called: that is told
#pragma once

#include "rules/finding.h"
#include "rules/packs.h"

#include <set>
#include <string>
#include <vector>

namespace initorder::trace {

class Unwatched {
public:
  /// Refers to both.
  Unwatched(const Packs &packs, const HostPack &host);

  /// The checks without the patterns of which an excuse is not watched.
  std::vector<Check> answerable(const std::vector<Check> &checks) const;
  /// Sentences: what the other patterns would find, and which rules can be broken unseen.
  std::vector<std::string> untold(const std::vector<Check> &checks, const EventSequence &sequence) const;

private:
  bool is_unwatched(const std::string &effect) const;
  std::vector<std::string> unwatched(const std::vector<std::string> &effects) const;
  std::vector<std::string> unwatched_excuses(const Pattern &pattern) const;
  std::string perhaps_excused(const Check &check, const Pattern &pattern, const EventSequence &sequence) const;
  std::string unseen(const std::vector<Check> &checks) const;

  const Packs &packs_;
  const HostPack &host_;
  std::set<std::string> watched_;
  std::set<std::string> of_calls_; ///< what calls do; other effects are for `inspect` or `check` to see
};

} // namespace initorder::trace
