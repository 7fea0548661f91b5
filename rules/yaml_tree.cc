// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/yaml_tree.h"

#include "rules/nearest.h"

#include <optional>
#include <utility>

#include <yaml.h>

namespace initorder {
namespace {

constexpr std::size_t kDeepest = 16; ///< the deepest pack nests 8 levels

YamlMark mark_of(const yaml_mark_t &mark) { return {mark.line + 1, mark.column + 1}; }

/// Owns libyaml's parser and its current event.
class Events {
public:
  explicit Events(std::string_view text) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char *>(text.data()), text.size());
  }
  Events(const Events &) = delete;
  ~Events() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }
  /// Null: the text is no YAML.
  const yaml_event_t *next() {
    yaml_event_delete(&event_);
    return yaml_parser_parse(&parser_, &event_) ? &event_ : nullptr;
  }
  std::string problem() const { return one_line(parser_.problem ? parser_.problem : "not YAML"); }
  YamlMark problem_mark() const { return mark_of(parser_.problem_mark); }

private:
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

YamlNode scalar_of(const yaml_event_t &event) {
  const auto &scalar = event.data.scalar;
  YamlNode out{.kind = YamlNode::Kind::scalar, .mark = mark_of(event.start_mark),
               .text = std::string(reinterpret_cast<const char *>(scalar.value), scalar.length),
               .plain = scalar.style == YAML_PLAIN_SCALAR_STYLE};
  if (out.plain && (out.text.empty() || out.text == "~" || out.text == "null"))
    out.kind = YamlNode::Kind::null;
  return out;
}

/// Puts nodes together from events. The open ones are on a stack of their own, innermost last.
class Builder {
public:
  std::optional<std::string> refused; ///< why the text is no pack
  YamlMark at;                        ///< where

  void take(const yaml_event_t &event) {
    switch (event.type) {
    case YAML_DOCUMENT_START_EVENT:
      if (++documents_ > 1)
        refuse(event, "a pack is one document: remove '---' and what follows");
      break;
    case YAML_ALIAS_EVENT: return refuse(event, "aliases (*name) are not allowed: write the value out");
    case YAML_SCALAR_EVENT: return add(scalar_of(event));
    case YAML_SEQUENCE_START_EVENT: return open(event, YamlNode::Kind::sequence);
    case YAML_MAPPING_START_EVENT: return open(event, YamlNode::Kind::map);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: {
      YamlNode done = std::move(open_.back());
      open_.pop_back();
      return add(std::move(done));
    }
    default: break;
    }
  }
  YamlNode root() { return std::move(root_); }

private:
  void refuse(const yaml_event_t &event, std::string why) {
    refused = std::move(why);
    at = mark_of(event.start_mark);
  }
  void open(const yaml_event_t &event, YamlNode::Kind kind) {
    if (open_.size() == kDeepest)
      return refuse(event, "nested too deeply: no pack has more than " + std::to_string(kDeepest) + " levels");
    open_.push_back({.kind = kind, .mark = mark_of(event.start_mark)});
  }
  void add(YamlNode node) { (open_.empty() ? root_ : open_.back().items.emplace_back()) = std::move(node); }

  int documents_ = 0;
  std::vector<YamlNode> open_;
  YamlNode root_;
};

} // namespace

std::string place_of(const std::string &file, const YamlMark &mark) {
  return file + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
}

Result<YamlNode> parse_yaml(std::string_view text, const std::string &file) {
  Events events(text);
  Builder builder;
  while (const yaml_event_t *event = events.next()) {
    if (event->type == YAML_STREAM_END_EVENT)
      return builder.root();
    builder.take(*event);
    if (builder.refused)
      return Error{Error::Kind::malformed, place_of(file, builder.at), *builder.refused};
  }
  return Error{Error::Kind::malformed, place_of(file, events.problem_mark()), events.problem()};
}

} // namespace initorder
