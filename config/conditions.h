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
  void close(const SourcePlace &at); ///< #!endif

  std::size_t depth() const { return open_.size(); }
  /// What stands at an end of file that is refused. The server only counts: an #!endif too many is warned of where it
  /// stands, and makes up for a later one that is missing (src/core/ppcfg.c, pp_ifdef_level_check; since 5.4).
  struct Unpaired {
    SourcePlace at;
    bool is_open; ///< an #!ifdef without #!endif, or the other way round
  };
  std::optional<Unpaired> unpaired() const;
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
  std::vector<SourcePlace> too_many_; ///< #!endif
};

} // namespace initorder::config
