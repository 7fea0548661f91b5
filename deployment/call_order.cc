// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/call_order.h"

#include <algorithm>
#include <iterator>

namespace initorder::deployment {

namespace {

using Way = std::vector<FileAddr>; ///< sites of calls, outermost first, the last that of the call itself

std::vector<Way> ways_to(const CodeCalls &calls, const CodeCall &call) {
  std::vector<Way> out = calls.ways.at(call.function);
  for (Way &way : out)
    way.push_back(call.site);
  return out;
}

/// Whether an entry point that has gone the one way may still go the other: asked where they part.
bool may_follow(const MappedObject &file, const Way &first, const Way &second) {
  const auto [from, to] = std::ranges::mismatch(first, second);
  return from == first.end() || to == second.end() || may_come_to(*file.object, *file.linkage, *from, *to);
}

} // namespace

bool may_be_followed(const MappedObject &file, const CodeCalls &calls, const CodeCall &call,
                     const std::vector<const CodeCall *> &others) {
  std::vector<Way> later;
  for (const CodeCall *other : others)
    std::ranges::move(ways_to(calls, *other), std::back_inserter(later));
  return std::ranges::all_of(ways_to(calls, call), [&](const Way &way) {
    return std::ranges::any_of(later, [&](const Way &other) { return may_follow(file, way, other); });
  });
}

} // namespace initorder::deployment
