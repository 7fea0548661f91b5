// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Judges event sequences by checks.
#pragma once

#include "rules/check.h"
#include "rules/event.h"
#include "rules/finding.h"
#include "rules/host_pack.h"

#include <memory>
#include <vector>

namespace initorder {

/// Takes sequences one after the other, one for each scenario, and keeps of each only what breaks a check:
/// fifty start-ups of a large server would not fit into memory together.
class Judge {
public:
  /// `host` gives phases and milestones their meaning. Keeps references to both.
  Judge(const std::vector<Check> &checks, const HostPack &host);
  Judge(Judge &&) noexcept;
  ~Judge();

  /// Adds one scenario's events, of which no reference is kept.
  void add(const EventSequence &sequence);

  /// Every way in which the sequences break the checks: one finding for each rule and site, sorted by file,
  /// line, column and rule.
  std::vector<Finding> findings() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Judges sequences that are all there.
std::vector<Finding> judge(const std::vector<EventSequence> &sequences, const std::vector<Check> &checks,
                           const HostPack &host);

} // namespace initorder
