// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Many scenarios as few alternatives. Each scenario is a box with one value on each axis; two boxes that
// differ on one axis only are one box with both values there.
#include "reports/describe.h"

#include <optional>
#include <set>

namespace initorder {
namespace {

using Box = std::map<std::string, std::set<std::string>>;

/// The axis on which two boxes over the same axes differ, if it is the only one.
std::optional<std::string> only_difference(const Box &one, const Box &other) {
  if (one.size() != other.size())
    return std::nullopt;
  std::optional<std::string> differs;
  for (auto left = one.begin(), right = other.begin(); left != one.end(); ++left, ++right) {
    if (left->first != right->first)
      return std::nullopt;
    if (left->second == right->second)
      continue;
    if (differs)
      return std::nullopt;
    differs = left->first;
  }
  return differs;
}

/// Joins one pair of boxes; false if no pair can be joined.
bool join_two(std::vector<Box> &boxes) {
  for (std::size_t i = 0; i < boxes.size(); ++i)
    for (std::size_t j = i + 1; j < boxes.size(); ++j) {
      const std::optional<std::string> axis = only_difference(boxes[i], boxes[j]);
      if (!axis)
        continue;
      boxes[i][*axis].insert(boxes[j][*axis].begin(), boxes[j][*axis].end());
      boxes.erase(boxes.begin() + static_cast<std::ptrdiff_t>(j));
      return true;
    }
  return false;
}

std::string describe_box(const Box &box) {
  std::string text;
  for (const auto &[name, values] : box) {
    text += (text.empty() ? "" : ", ") + name + "=";
    for (const std::string &value : values)
      text += (value == *values.begin() ? "" : "|") + value;
  }
  return text;
}

} // namespace

std::string describe(const std::vector<Scenario> &scenarios) {
  std::set<Box> distinct;
  for (const Scenario &scenario : scenarios) {
    Box box;
    for (const auto &[name, value] : scenario)
      box[name] = {value};
    distinct.insert(std::move(box));
  }
  std::vector<Box> boxes(distinct.begin(), distinct.end());
  while (join_two(boxes)) {
  }
  std::string text;
  for (const Box &box : boxes)
    text += (text.empty() ? "" : "; or ") + describe_box(box);
  return text;
}

} // namespace initorder
