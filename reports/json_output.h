// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the two formats made of JSON share.
#pragma once

#include "rules/finding.h"

#include <nlohmann/json.hpp>

#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace initorder {

using Json = nlohmann::ordered_json;

/// A finding's table: [{"values": {"tls": ["first", "last"]}, "answer": "holds"}]. Empty: the same in all scenarios.
Json json_of_scenarios(const std::vector<ScenarioAnswer> &table);

/// The value on one line. Bytes that are not UTF-8 (a name in a source tree may hold any) become U+FFFD.
std::string text_of(const Json &value);

/// Writes the members of `object`, without the closing brace, and then the start of one more: a list, whose `count`
/// items are made one at a time. A report with many paths never stands in memory twice. Closes the list,
/// not the object.
void write_with_list(const Json &object, std::string_view name, std::size_t count,
                     const std::function<Json(std::size_t)> &item, std::ostream &out);

} // namespace initorder
