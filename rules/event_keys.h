// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers for what events have in common, so that merging compares numbers instead of texts.
#pragma once

#include "rules/event.h"

#include <map>
#include <string>
#include <tuple>

namespace initorder {

/// Events with the same number have the same site (or entry point). Numbers are good within one table.
enum class SiteId : unsigned {};
enum class EntryId : unsigned {};

class EventKeys {
public:
  /// The place of the call, and the call. A place without a line is told apart by unit and function:
  /// stripped programs have nothing else.
  SiteId site_of(const Event &event) {
    const bool has_line = event.site.line != 0;
    return SiteId{number(sites_, {event.site.file, event.site.line, event.site.column, event.call,
                                  has_line ? std::string() : event.site_unit,
                                  has_line ? std::string() : event.site_function})};
  }
  /// The phase, the module and the function through which the event was reached.
  EntryId entry_of(const Event &event) {
    return EntryId{number(entries_, {event.place.phase, event.place.module, first_function(event)})};
  }

private:
  using Text = std::string;
  using Site = std::tuple<Text, unsigned, unsigned, Text, Text, Text>;
  using Entry = std::tuple<Text, Text, Text>;

  template <class Key> static unsigned number(std::map<Key, unsigned> &known, const Key &key) {
    return known.try_emplace(key, static_cast<unsigned>(known.size())).first->second;
  }
  /// The first step of a path may be the phase itself, which has no function.
  static const Text &first_function(const Event &event) {
    for (const PathStep &step : event.path)
      if (!step.function.empty())
        return step.function;
    return event.site_function;
  }

  std::map<Site, unsigned> sites_;
  std::map<Entry, unsigned> entries_;
};

} // namespace initorder
