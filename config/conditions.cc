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

bool Conditions::close() {
  if (open_.empty())
    return false;
  open_.pop_back();
  return true;
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
