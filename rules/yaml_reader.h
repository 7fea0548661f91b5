// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A YAML text becomes typed values, or one Error with file:line:column.
// Only the loaders include this file.
//
// A loader is a function `void read(const YamlValue &, T &)` that names T's keys. Mistakes are kept in the
// document, so that a loader need not look for one after each key; read_file() looks at the end.
// How deep reading goes is bounded by the structures, never by the text.
#pragma once

#include "rules/check.h"
#include "rules/result.h"
#include "rules/yaml_tree.h"

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace initorder {

/// One parsed file, and the mistakes found in it.
class Document {
public:
  /// Errors: gone, denied, malformed (too large, not YAML, not one document, aliases, too deep, no map).
  static Result<Document> open(const std::filesystem::path &file);

  const YamlNode &root() const { return root_; }
  const std::string &file() const { return file_; }
  std::string where(const YamlMark &at) const { return place_of(file_, at); }
  /// What is wrong with `node` as a whole, unless something inside it is: the one follows from the other.
  void mistake(const YamlNode &node, std::string what);
  void mistake(std::string where, std::string what);
  bool has_mistakes() const { return !mistakes_.empty(); }
  bool has_mistakes_in(const YamlNode &node) const;
  const std::vector<Error> &mistakes() const { return mistakes_; } ///< the first few, in the order of reading
  bool is_hopeless() const; ///< that many mistakes: more would only cost time

  /// Notes that `name` is the name of a `kind` ("phase"); a second one of the same name is a mistake.
  void name_once(std::string_view kind, const std::string &name, const YamlNode &at);

  std::vector<Mention> mentions; ///< names that something outside this file may have to define

private:
  Document() = default;
  std::string file_;
  YamlNode root_;
  std::vector<Error> mistakes_;
  std::vector<YamlMark> mistaken_; ///< where those about a node are
  std::map<std::pair<std::string, std::string>, std::size_t> names_; ///< kind and name to the line, from 1
};

/// One node of a document. Owns neither.
class YamlValue {
public:
  YamlValue(Document &document, const YamlNode &node) : document_(&document), node_(&node) {}

  const YamlNode &node() const { return *node_; }
  Document &document() const { return *document_; }
  unsigned line() const { return static_cast<unsigned>(node_->mark.line); }
  void mistake(std::string what) const { document_->mistake(*node_, std::move(what)); }
  /// The elements of a list; a mistake (and no elements) if it is none.
  std::vector<YamlValue> elements() const;

private:
  Document *document_;
  const YamlNode *node_;
};

void read(const YamlValue &value, std::string &out);   ///< any scalar, as it is written
void read(const YamlValue &value, bool &out);          ///< true or false
void read(const YamlValue &value, std::int64_t &out);  ///< decimal, or hexadecimal with 0x
void read(const YamlValue &value, std::uint64_t &out); ///< decimal, or hexadecimal with 0x
void read(const YamlValue &value, unsigned &out);      ///< the number of an argument, 0 to 126
/// The same where the number is only a part of the value, `text`.
void read_argument(const YamlValue &value, std::string_view text, unsigned &out);

template <class T> void read(const YamlValue &value, std::vector<T> &out) {
  for (const YamlValue &element : value.elements()) {
    if (value.document().is_hopeless())
      return;
    T one{};
    read(element, one);
    out.push_back(std::move(one));
  }
}

template <class T> void read(const YamlValue &value, std::optional<T> &out) {
  read(value, out.emplace());
}

/// A scalar that is one of a few words. `what` says what they name: "a thread".
template <class T> using Words = std::initializer_list<std::pair<const char *, T>>;
void no_such_word(const YamlValue &value, std::string_view what, const std::vector<std::string> &known);
template <class T> void read_word(const YamlValue &value, T &out, std::string_view what, Words<T> words) {
  std::vector<std::string> known;
  for (const auto &[word, meaning] : words) {
    if (value.node().is_scalar() && value.node().text == word) {
      out = meaning;
      return;
    }
    known.emplace_back(word);
  }
  no_such_word(value, what, known);
}

void read(const YamlValue &value, ProcessRole &out);
void read(const YamlValue &value, ThreadRole &out);

} // namespace initorder
