// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/facts/facts.h"

#include <mutex>
#include <unordered_set>

namespace initorder {

const std::string Symbol::kEmpty;

const std::string *Symbol::intern(const std::string &text) {
  static std::mutex guard;
  static std::unordered_set<std::string> known; // elements stay where they are when it grows
  if (text.empty())
    return &kEmpty;
  const std::lock_guard lock(guard);
  return &*known.insert(text).first;
}

} // namespace initorder
