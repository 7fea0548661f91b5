// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads a YAML map key by key. Only the loaders include this file.
#pragma once

#include "rules/yaml_reader.h"

namespace initorder {

/// The keys of one map. A loader asks for each key that it knows, then calls done(), which finds the
/// keys that nobody asked for and those that had to be there.
class Fields {
public:
  /// `what` names the map in messages: "a phase".
  Fields(const YamlValue &map, std::string what);

  /// The key must be there. A text or a list must not be empty.
  template <class T> void required(const std::string &key, T &out) {
    if (const std::optional<YamlValue> value = take(key))
      read_filled(key, *value, out);
    else
      missing_.push_back(key);
  }
  /// The key may be left out, and a list may be empty.
  template <class T> void optional(const std::string &key, T &out) {
    if (const std::optional<YamlValue> value = take(key))
      read(*value, out);
  }
  /// The key may be left out. A list must not be empty, since an empty one would mean "any".
  template <class T> void optional_filled(const std::string &key, T &out) {
    if (const std::optional<YamlValue> value = take(key))
      read_filled(key, *value, out);
  }
  /// The key's value, if it is there; from now on the key counts as known.
  std::optional<YamlValue> take(const std::string &key);

  /// Notes the texts of a key (read before) as names of phases, milestones or effects.
  void mention(const std::string &key, Mention::Of of) const;
  /// Notes the texts of a key as names of a `kind` ("phase"), which no other in the file may have.
  void name_once(const std::string &key, std::string_view kind) const;

  void done() const;

private:
  template <class T> void read_filled(const std::string &key, const YamlValue &value, T &out) {
    read(value, out);
    if constexpr (requires { out.empty(); })
      if (out.empty())
        value.mistake("'" + key + "' of " + what_ + " must not be empty");
  }

  std::vector<const YamlNode *> texts_of(const std::string &key) const;

  YamlValue map_;
  std::string what_;
  std::map<std::string, YamlValue> values_;
  std::vector<std::pair<std::string, YamlValue>> order_; ///< keys with the places where they stand
  std::vector<std::string> known_;
  std::vector<std::string> missing_;
};

/// Reads a file by the `read(const YamlValue &, T &)` of its T. The error is the first mistake; `all`, if given, gets
/// each. Errors: gone, denied, malformed.
template <class T> Result<T> read_file(const std::filesystem::path &file, std::vector<Error> *all = nullptr) {
  Result<Document> document = Document::open(file);
  if (!document)
    return document.error();
  T out;
  read(YamlValue(*document, document->root()), out);
  if (!document->has_mistakes())
    return out;
  if (all)
    *all = document->mistakes();
  return document->mistakes().front();
}

} // namespace initorder
