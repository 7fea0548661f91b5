// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/call_order.h"

#include <algorithm>
#include <iterator>

namespace initorder::deployment {

namespace {

constexpr std::size_t kMostWays = 32; ///< to one call
constexpr std::size_t kDeepest = 16;  ///< calls in each other

} // namespace

/// Upwards to where nobody calls any more: there the walk began.
void CallOrder::add_ways(FileAddr function, Way way, std::vector<Way> &out) const {
  const auto callers = calls_.callers.find(function);
  if (callers == calls_.callers.end() || way.size() >= kDeepest) {
    std::ranges::reverse(way);
    out.push_back(std::move(way));
    return;
  }
  for (const auto &[caller, site] : callers->second) {
    if (out.size() >= kMostWays)
      return;
    if (std::ranges::find(way, site) != way.end())
      continue; // a recursion
    Way longer = way;
    longer.push_back(site);
    add_ways(caller, std::move(longer), out);
  }
}

std::vector<CallOrder::Way> CallOrder::ways_to(const CodeCall &call) const {
  std::vector<Way> out;
  add_ways(call.function, {call.site}, out);
  return out;
}

/// Whether an entry point that has gone the one way may still go the other: asked where they part.
bool CallOrder::may_follow(const Way &first, const Way &second) {
  const auto [from, to] = std::ranges::mismatch(first, second);
  if (from == first.end() || to == second.end())
    return true;
  const auto [known, is_new] = reaches_.try_emplace(*from);
  if (is_new)
    known->second = reach_of(*file_.object, *file_.linkage, *from);
  return known->second.contains(*to);
}

bool CallOrder::may_be_followed(const CodeCall &call, const std::vector<const CodeCall *> &others) {
  std::vector<Way> later;
  for (const CodeCall *other : others)
    std::ranges::move(ways_to(*other), std::back_inserter(later));
  return std::ranges::all_of(ways_to(call), [&](const Way &way) {
    return std::ranges::any_of(later, [&](const Way &other) { return may_follow(way, other); });
  });
}

} // namespace initorder::deployment
