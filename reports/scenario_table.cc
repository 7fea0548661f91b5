// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Many scenarios as few boxes. Each scenario is a box with one value on each axis; two boxes of one answer that
// differ on one axis only are one box with both values there.
#include "reports/scenario_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace initorder {
namespace {

using Values = std::map<std::string, std::set<std::string>>;

/// The axis on which two boxes over the same axes differ, if it is the only one.
std::optional<std::string> only_difference(const Values &one, const Values &other) {
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
bool join_two(std::vector<AnswerBox> &boxes) {
  for (std::size_t i = 0; i < boxes.size(); ++i)
    for (std::size_t j = i + 1; j < boxes.size(); ++j) {
      const std::optional<std::string> axis = only_difference(boxes[i].values, boxes[j].values);
      if (!axis || boxes[i].answer != boxes[j].answer)
        continue;
      boxes[i].values[*axis].insert(boxes[j].values[*axis].begin(), boxes[j].values[*axis].end());
      boxes.erase(boxes.begin() + static_cast<std::ptrdiff_t>(j));
      return true;
    }
  return false;
}

/// All values that each variable has anywhere in the table.
Values axes_of(const std::vector<ScenarioAnswer> &table) {
  Values axes;
  for (const ScenarioAnswer &row : table)
    for (const auto &[name, value] : row.scenario)
      axes[name].insert(value);
  return axes;
}

std::string_view in_words(Answer answer) {
  switch (answer) {
  case Answer::holds:
    return "holds";
  case Answer::cannot_tell:
    return "cannot tell";
  case Answer::does_not:
    return "does not";
  }
  return {};
}

} // namespace

std::string_view name_of(Answer answer) {
  switch (answer) {
  case Answer::holds:
    return "holds";
  case Answer::cannot_tell:
    return "cannot-tell";
  case Answer::does_not:
    return "does-not";
  }
  return {};
}

std::vector<AnswerBox> boxes_of(const std::vector<ScenarioAnswer> &table) {
  std::vector<AnswerBox> boxes;
  for (const ScenarioAnswer &row : table) {
    AnswerBox &box = boxes.emplace_back();
    box.answer = row.answer;
    for (const auto &[name, value] : row.scenario)
      box.values[name] = {value};
  }
  while (join_two(boxes)) {
  }
  for (const auto &[name, values] : axes_of(table))
    for (AnswerBox &box : boxes)
      if (const auto axis = box.values.find(name); axis != box.values.end() && axis->second == values)
        box.values.erase(axis);
  std::ranges::stable_sort(boxes, std::greater(), &AnswerBox::answer);
  return boxes;
}

void write_scenarios(const std::vector<ScenarioAnswer> &table, std::string_view label, Page &page) {
  const Values axes = axes_of(table);
  std::vector<std::vector<std::string>> lines(1);
  for (const auto &[name, values] : axes)
    lines.front().push_back(printable(name));
  const std::vector<AnswerBox> boxes = boxes_of(table);
  for (const AnswerBox &box : boxes) {
    std::vector<std::string> &line = lines.emplace_back();
    for (const auto &[name, values] : axes) {
      const auto axis = box.values.find(name);
      line.push_back(axis == box.values.end() ? "any" : printable(fmt::format("{}", fmt::join(axis->second, "|"))));
    }
  }
  for (std::size_t row = 0; row < lines.size() && !boxes.empty(); ++row) {
    std::string text = page.label_column(row == 0 ? label : "");
    for (std::size_t column = 0; column < axes.size(); ++column) {
      std::size_t width = 0;
      for (const std::vector<std::string> &line : lines)
        width = std::max(width, columns_of(line[column]));
      text += lines[row][column] + std::string(width - columns_of(lines[row][column]) + 3, ' ');
    }
    page.line(row == 0 ? text.substr(0, text.find_last_not_of(' ') + 1) : text + std::string(in_words(boxes[row - 1].answer)));
  }
}

} // namespace initorder
