// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/elf/layout.h"

#include <algorithm>
#include <tuple>

namespace initorder::elf {

Placement::Placement(std::vector<Loaded> loaded) : objects(std::move(loaded)) {
  for (const auto &one : objects) {
    if (!one.object)
      continue;
    for (const auto &segment : one.object->segments()) {
      const auto begin = number(initorder::at(segment.begin, one.bias)),
                 end = number(initorder::at(segment.end, one.bias));
      if (begin < end)
        placed.push_back({begin, end, segment.writable ? std::string_view() : segment.bytes, &one});
    }
  }
  std::stable_sort(placed.begin(), placed.end(), [](const Placed &a, const Placed &b) { return a.begin < b.begin; });
}

const Placed *Placement::at(std::uint64_t address) const {
  const auto next = std::upper_bound(placed.begin(), placed.end(), address,
                                     [](std::uint64_t value, const Placed &one) { return value < one.begin; });
  return next != placed.begin() && address < std::prev(next)->end ? &*std::prev(next) : nullptr;
}

bool Placement::includes(const Placement &other) const {
  // Both are sorted alike: one pass.
  return std::includes(placed.begin(), placed.end(), other.placed.begin(), other.placed.end(),
                       [](const Placed &a, const Placed &b) {
                         return std::tie(a.begin, a.end, a.object->object) < std::tie(b.begin, b.end, b.object->object);
                       });
}

Layout::Layout(std::vector<Loaded> objects) : parts_(std::make_unique<Parts>(std::move(objects))) {
  parts_->space = make_address_space();
}

Layout::Layout(std::vector<Loaded> objects, const Layout &before)
    : parts_(std::make_unique<Parts>(std::move(objects))) {
  parts_->space = parts_->includes(*before.parts_) ? before.parts_->space : make_address_space();
}

Layout::~Layout() = default;

const std::vector<Loaded> &Layout::objects() const {
  return parts_->objects;
}

const Loaded *Layout::at(RemoteAddr address) const {
  const auto *found = parts_->at(number(address));
  return found ? found->object : nullptr;
}

} // namespace initorder::elf
