// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The edge to libyaml: a YAML text becomes a tree of nodes, each with its place, or one Error. The text is hostile: what
// comes out is one document of bounded depth without aliases, so that nothing in it stands for more than its own length.
#pragma once

#include "rules/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace initorder {

/// A place in a text; both count from 1.
struct YamlMark {
  std::size_t line = 1;
  std::size_t column = 1;
};

struct YamlNode {
  enum class Kind { null, scalar, sequence, map };
  Kind kind = Kind::null;
  YamlMark mark;
  std::string text;            ///< of a scalar
  bool plain = false;          ///< a scalar without quotes
  std::vector<YamlNode> items; ///< of a sequence; of a map: key, value, key, value

  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_map() const { return kind == Kind::map; }
  /// Entries of a map, elements of a sequence.
  std::size_t size() const { return is_map() ? items.size() / 2 : items.size(); }
};

/// Errors: malformed (not YAML, not one document, aliases, too deep). `file` is for the message.
Result<YamlNode> parse_yaml(std::string_view text, const std::string &file);

/// "file:line:column"
std::string place_of(const std::string &file, const YamlMark &mark);

} // namespace initorder
