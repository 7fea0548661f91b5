// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/message.h"

namespace initorder {

namespace {

/// What a placeholder stands for; null if it stands for nothing.
const std::string *meaning(std::string_view placeholder, const Event &event) {
  if (placeholder == "{call}")
    return &event.call;
  if (placeholder == "{module}")
    return &event.place.module;
  if (placeholder == "{phase}")
    return &event.place.phase;
  if (placeholder == "{function}")
    return &event.site_function;
  if (placeholder == "{effect}")
    return &event.effect;
  if (placeholder == "{object}")
    return &event.object;
  return nullptr;
}

/// Calls `text` for each stretch without braces and `placeholder` for each with, in order.
template <class Text, class Placeholder> void for_each_part(std::string_view says, Text text, Placeholder placeholder) {
  while (!says.empty()) {
    const std::size_t open = says.find('{');
    const std::size_t close = open == says.npos ? says.npos : says.find('}', open);
    if (close == says.npos)
      return text(says);
    text(says.substr(0, open));
    placeholder(says.substr(open, close + 1 - open));
    says.remove_prefix(close + 1);
  }
}

} // namespace

std::string fill_message(std::string_view says, const Event &event) {
  std::string out;
  for_each_part(
      says, [&](std::string_view text) { out += text; },
      [&](std::string_view placeholder) {
        const std::string *filling = meaning(placeholder, event);
        out += filling ? std::string_view(*filling) : placeholder;
      });
  return out;
}

std::string unknown_placeholder(std::string_view says) {
  const Event event;
  std::string out;
  for_each_part(
      says, [](std::string_view) {},
      [&](std::string_view placeholder) {
        if (out.empty() && !meaning(placeholder, event))
          out = placeholder;
      });
  return out;
}

} // namespace initorder
