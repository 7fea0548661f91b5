// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/yaml_fields.h"

#include "rules/nearest.h"

#include <algorithm>

namespace initorder {

Fields::Fields(const YamlValue &map, std::string what) : map_(map), what_(std::move(what)) {
  if (!map.node().is_map()) {
    map.mistake(what_ + " must be a map (key: value)");
    return;
  }
  const std::vector<YamlNode> &items = map.node().items;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    const YamlValue key(map.document(), items[i]);
    if (!items[i].is_scalar()) {
      key.mistake("a key of " + what_ + " must be a word");
      continue;
    }
    const std::string &name = items[i].text;
    if (!values_.try_emplace(name, map.document(), items[i + 1]).second)
      key.mistake("key " + in_quotes(name) + " stands twice in " + what_);
    order_.emplace_back(name, key);
  }
}

std::optional<YamlValue> Fields::take(const std::string &key) {
  known_.push_back(key);
  const auto found = values_.find(key);
  return found == values_.end() ? std::nullopt : std::optional<YamlValue>(found->second);
}

/// The texts of a key: those of its list, or its one.
std::vector<const YamlNode *> Fields::texts_of(const std::string &key) const {
  std::vector<const YamlNode *> out;
  const auto found = values_.find(key);
  if (found == values_.end())
    return out;
  const YamlNode &node = found->second.node();
  if (node.is_scalar())
    out.push_back(&node);
  else if (node.is_sequence())
    for (const YamlNode &item : node.items)
      if (item.is_scalar())
        out.push_back(&item);
  return out;
}

void Fields::mention(const std::string &key, Mention::Of of) const {
  Document &document = map_.document();
  for (const YamlNode *node : texts_of(key))
    document.mentions.push_back({of, node->text, document.where(node->mark)});
}

void Fields::name_once(const std::string &key, std::string_view kind) const {
  for (const YamlNode *node : texts_of(key))
    map_.document().name_once(kind, node->text, *node);
}

void Fields::done() const {
  if (map_.document().is_hopeless())
    return;
  // Unknown keys first: a misspelt key is the likely reason for a missing one.
  for (const auto &[key, at] : order_)
    if (std::find(known_.begin(), known_.end(), key) == known_.end())
      at.mistake("unknown key " + in_quotes(key) + " in " + what_ + nearest(key, known_));
  if (!missing_.empty())
    map_.mistake(what_ + " lacks '" + missing_.front() + "'");
}

} // namespace initorder
