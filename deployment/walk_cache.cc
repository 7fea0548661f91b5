// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/walk_cache.h"

#include <algorithm>

namespace initorder::deployment {

const CodeCalls &WalkCache::calls(const MappedObject &object, const CodeFacts &facts, FileAddr entry,
                                  const std::vector<std::int64_t> &arguments) {
  std::list<Walked> &of_object = walked_[object.object];
  auto known = std::ranges::find(of_object, facts, &Walked::facts);
  if (known == of_object.end())
    known = of_object.insert(known, Walked{object.linkage, facts, {}});
  const auto [place, is_new] = known->calls.try_emplace({entry, arguments});
  if (is_new)
    place->second = calls_from(*object.object, *known->linkage, known->facts, entry, arguments);
  return place->second;
}

} // namespace initorder::deployment
