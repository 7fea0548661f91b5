// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The #!ifdef that are open: whether what stands here is read.
#pragma once

#include "config/config.h"

#include <optional>
#include <string>
#include <vector>

namespace initorder::config {

class Conditions {
public:
  static constexpr std::size_t kMost = 512; ///< as the server's MAX_IFDEFS

  /// `holds`: none if that cannot be told. `text`: for people.
  void open(std::optional<bool> holds, std::string text, SourcePlace at) {
    open_.push_back({holds, false, std::move(text), std::move(at)});
  }
  /// #!else; false: nothing is open. The server turns the condition over, also a second time.
  bool turn();
  bool close(); ///< #!endif; false: nothing is open

  std::size_t depth() const { return open_.size(); }
  const SourcePlace &innermost() const { return open_.back().at; }
  bool skips() const; ///< what stands here is thrown away
  Guard guard() const;

private:
  struct One {
    std::optional<bool> holds;
    bool turned;
    std::string text;
    SourcePlace at;
  };
  std::vector<One> open_;
};

} // namespace initorder::config
