// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/yaml_fields.h"

#include "rules/nearest.h"

#include <algorithm>
#include <iterator>

namespace initorder {

Fields::Fields(const YamlValue &map, std::string what) : map_(map), what_(std::move(what)) {
  if (!map.node().IsMap()) {
    map.mistake(what_ + " must be a map (key: value)");
    return;
  }
  for (const auto &pair : map.node()) {
    const YamlValue key(map.document(), pair.first);
    if (!pair.first.IsScalar()) {
      key.mistake("a key of " + what_ + " must be a word");
      continue;
    }
    const std::string &name = pair.first.Scalar();
    if (!values_.try_emplace(name, map.document(), pair.second).second)
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
std::vector<YAML::Node> Fields::texts_of(const std::string &key) const {
  std::vector<YAML::Node> out;
  const auto found = values_.find(key);
  if (found == values_.end())
    return out;
  const YAML::Node &node = found->second.node();
  if (node.IsScalar())
    out.push_back(node);
  else if (node.IsSequence())
    std::copy_if(node.begin(), node.end(), std::back_inserter(out), [](const YAML::Node &n) { return n.IsScalar(); });
  return out;
}

void Fields::mention(const std::string &key, Mention::Of of) const {
  Document &document = map_.document();
  for (const YAML::Node &node : texts_of(key))
    document.mentions.push_back({of, node.Scalar(), document.where(node.Mark())});
}

void Fields::name_once(const std::string &key, std::string_view kind) const {
  for (const YAML::Node &node : texts_of(key))
    map_.document().name_once(kind, node.Scalar(), node.Mark());
}

void Fields::done() const {
  // An earlier mistake is what the caller gets: to look for more would only cost time.
  if (map_.document().error())
    return;
  // Unknown keys first: a misspelt key is the likely reason for a missing one.
  for (const auto &[key, at] : order_)
    if (std::find(known_.begin(), known_.end(), key) == known_.end())
      return at.mistake("unknown key " + in_quotes(key) + " in " + what_ + nearest(key, known_));
  if (!missing_.empty())
    map_.mistake(what_ + " lacks '" + missing_.front() + "'");
}

} // namespace initorder
