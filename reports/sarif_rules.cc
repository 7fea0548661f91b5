// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/describe.h"
#include "reports/sarif_values.h"

namespace initorder {
namespace {

std::string help_text(const Check &check) {
  std::string text = check.why;
  if (!check.fix.empty())
    text += "\n\nCure: " + check.fix;
  if (!check.example.empty())
    text += "\n\nExample:\n" + check.example;
  for (const std::string &source : check.sources)
    text += "\nSource: " + source;
  return text;
}

std::string help_markdown(const Check &check) {
  std::string text = "**" + check.title + "**\n\n" + check.why + "\n";
  if (!check.fix.empty())
    text += "\n### Cure\n\n" + check.fix + "\n";
  if (!check.example.empty())
    text += "\n### Example\n\n```c\n" + check.example + (check.example.ends_with('\n') ? "" : "\n") + "```\n";
  if (!check.sources.empty())
    text += "\n### Sources\n\n";
  for (const std::string &source : check.sources)
    text += "- " + source + "\n";
  return text;
}

} // namespace

Json sarif_rules(const std::vector<Check> &checks) {
  Json rules = Json::array();
  for (const Check &check : checks) {
    Json rule = {{"id", check.id},
                 {"shortDescription", sarif_message(check.title)},
                 {"fullDescription", sarif_message(check.why)},
                 {"help", {{"text", help_text(check)}, {"markdown", help_markdown(check)}}},
                 {"defaultConfiguration", {{"level", name_of(check.severity)}}},
                 {"properties", {{"tags", {"init-order", "concurrency"}}, {"sources", check.sources}}}};
    if (const std::string url = url_of(check.sources); !url.empty())
      rule["helpUri"] = url;
    rules.push_back(std::move(rule));
  }
  return rules;
}

} // namespace initorder
