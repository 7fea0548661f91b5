// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "config/conditions.h"

#include <fmt/format.h>

#include <algorithm>

namespace initorder::config {

bool Conditions::turn() {
  if (open_.empty())
    return false;
  One &last = open_.back();
  last.turned = !last.turned;
  if (last.holds)
    last.holds = !*last.holds;
  return true;
}

void Conditions::close(const SourcePlace &at) {
  if (open_.empty())
    too_many_.push_back(at);
  else
    open_.pop_back();
}

std::optional<Conditions::Unpaired> Conditions::unpaired() const {
  if (open_.size() > too_many_.size())
    return Unpaired{open_.back().at, true};
  if (too_many_.size() > open_.size())
    return Unpaired{too_many_.back(), false};
  return std::nullopt;
}

bool Conditions::skips() const {
  return std::any_of(open_.begin(), open_.end(), [](const One &one) { return one.holds == false; });
}

Guard Conditions::guard() const {
  Guard out;
  for (const One &one : open_) {
    if (one.holds)
      continue;
    out.certainty = Certainty::maybe;
    out.condition += fmt::format("{}{}{} ({}:{})", out.condition.empty() ? "" : " and ", one.turned ? "not " : "",
                                 one.text, one.at.file, one.at.line);
  }
  return out;
}

} // namespace initorder::config
