// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/json_output.h"

#include "reports/scenario_table.h"

namespace initorder {

Json json_of_scenarios(const std::vector<ScenarioAnswer> &table) {
  Json rows = Json::array();
  for (const AnswerBox &box : boxes_of(table))
    rows.push_back({{"values", box.values}, {"answer", name_of(box.answer)}});
  return rows;
}

std::string text_of(const Json &value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void write_with_list(const Json &object, std::string_view name, std::size_t count,
                     const std::function<Json(std::size_t)> &item, std::ostream &out) {
  out << '{';
  for (const auto &[key, value] : object.items())
    out << text_of(key) << ':' << text_of(value) << ",\n";
  out << text_of(name) << ":[";
  for (std::size_t i = 0; i < count; ++i)
    out << (i == 0 ? "\n" : ",\n") << text_of(item(i));
  out << (count == 0 ? "]" : "\n]");
}

} // namespace initorder
