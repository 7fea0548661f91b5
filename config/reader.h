// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Characters of a configuration, one after the other: through included files, and through the values of definitions,
// which are read again as if they stood there.
#pragma once

#include "config/dialect.h"
#include "rules/event.h"

#include <string>
#include <string_view>
#include <vector>

namespace initorder::config {

// The server gives up at 10 includes in each other (cfg.lex, MAX_INCLUDE_DEPTH); the others keep hostile texts short.
inline constexpr std::size_t kMostNested = 10;
inline constexpr std::size_t kMostFiles = 1000;
inline constexpr std::size_t kMostBytes = 32 << 20;
inline constexpr std::size_t kMostExpanded = 4 << 20; ///< bytes that definitions may add

class Reader {
public:
  explicit Reader(const Source &source) : source_(source) {}

  static constexpr int kEnd = -1; ///< the end of a file

  /// From here on the characters are the file's. Errors: as Source::read; malformed (too many files, too much).
  Result<void> open(const std::string &path);
  /// Back to where the file was included from; false: it was the first one.
  bool close();
  bool is_open() const { return !files_.empty(); }
  std::size_t depth() const { return files_.size(); }
  const std::string &path() const { return files_.back().path; } ///< of the file that is being read

  int peek(std::size_t ahead = 0) const;
  int get();
  /// Whether the text stands here.
  bool at(std::string_view text) const;
  void skip(std::size_t count);
  /// Puts a definition's value before what comes next. Errors: malformed (a definition that never ends).
  Result<void> put_back(std::string_view name, const std::string &value);

  SourcePlace here() const;
  Error mistake(const SourcePlace &place, std::string what) const;
  Error mistake(std::string what) const { return mistake(here(), std::move(what)); }

private:
  struct File {
    std::string path;
    std::string text;
    std::size_t offset = 0;
    unsigned line = 1;
    unsigned column = 1;
    std::string pushed; ///< backwards: the last one comes next
  };

  const Source &source_;
  std::vector<File> files_;
  std::size_t opened_ = 0, bytes_ = 0, expanded_ = 0;
};

} // namespace initorder::config
