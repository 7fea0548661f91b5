// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/text_finding.h"

#include "reports/describe.h"
#include "reports/scenario_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace initorder {
namespace {

Ink ink_of(Severity severity) {
  switch (severity) {
  case Severity::error:
    return Ink::red;
  case Severity::warning:
    return Ink::magenta;
  case Severity::note:
    return Ink::cyan;
  }
  return Ink::plain;
}

/// Each step as "file:line  in function  text", the first two in columns as wide as this path needs.
void write_path(const std::vector<PathStep> &path, Page &page) {
  constexpr std::size_t widest_place = 56, widest_function = 32;
  std::vector<std::pair<std::string, std::string>> rows;
  std::size_t places = 0, functions = 0;
  for (const PathStep &step : path) {
    rows.emplace_back(printable(describe(SourcePlace{step.at.file, step.at.line, 0})),
                      step.function.empty() ? "" : "in " + printable(step.function));
    places = std::max(places, std::min(widest_place, columns_of(rows.back().first)));
    functions = std::max(functions, std::min(widest_function, columns_of(rows.back().second)));
  }
  const std::size_t indent = Page::kTextColumn + places + functions + 4;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto &[place, function] = rows[i];
    const std::string label = page.label_column(i == 0 ? "path" : "");
    page.hang(fmt::format("{}{:<{}}  {:<{}}  ", label, place, places, function, functions), indent, path[i].text);
  }
}

void write_conditions(const Event &event, Page &page) {
  std::string text;
  for (const std::string &condition : event.conditions)
    text += (text.empty() ? "only if " : ", and ") + condition;
  if (text.empty() && event.certainty == Certainty::maybe)
    text = "cannot tell whether this is reached on every start";
  page.row("if", text);
}

/// The entry points other than the first: one text for each phase, with the modules.
std::vector<std::string> other_entries(const Finding &finding) {
  std::vector<std::pair<std::string, std::vector<std::string>>> phases; // in order of start-up
  const std::string shown = describe(finding.events.front().place);
  for (const Event &event : finding.events) {
    if (describe(event.place) == shown)
      continue;
    const std::string runner = runner_of(event.place);
    const std::string phase = runner.empty() ? event.place.phase : fmt::format("{} ({})", event.place.phase, runner);
    auto known = std::ranges::find(phases, phase, [](const auto &entry) { return entry.first; });
    if (known == phases.end())
      known = phases.insert(phases.end(), {phase, {}});
    const std::string module = event.place.module == "core" ? "the core" : event.place.module;
    if (std::ranges::find(known->second, module) == known->second.end())
      known->second.push_back(module);
  }
  std::vector<std::string> texts;
  for (auto &[phase, modules] : phases) {
    std::ranges::sort(modules);
    texts.push_back(fmt::format("{} of {}", phase, fmt::join(modules, ", ")));
  }
  return texts;
}

void write_other_paths(const Finding &finding, Page &page) {
  for (std::size_t i = 1; i < finding.events.size(); ++i) {
    const Event &event = finding.events[i];
    page.row("also", describe(event.place));
    write_conditions(event, page);
    write_path(event.path, page);
  }
}

std::string with_source(std::string_view why, std::string_view source) {
  return source.empty() ? std::string(why) : fmt::format("{}{}[{}]", why, why.empty() ? "" : " ", source);
}

void write_related(const Event &event, Page &page) {
  const std::string text =
      fmt::format("{}: {} ({}), {}", describe(event.site), event.call.empty() ? event.effect : event.call, event.effect,
                  describe(event.place));
  page.row("related", event.why.empty() ? text : text + ": " + event.why);
}

} // namespace

void write_finding(const Finding &finding, const FindingContext &context, Page &page) {
  // This line is never wrapped: tools and greps take it as it is.
  page.line(fmt::format("{}{}{} {}", page.paint(Ink::bold, printable(describe(finding.site)) + ": "),
                        page.paint(ink_of(finding.severity), fmt::format("{}:", name_of(finding.severity))),
                        page.paint(Ink::bold, " " + printable(finding.message)),
                        page.paint(Ink::dim, "[" + finding.rule + "]")));
  const Event &shown = finding.events.front();
  if (!shown.place.phase.empty()) // found in a process that runs: when it came about is not known
    page.row("where", describe(shown.place));
  page.row("why", with_source(shown.why, shown.source));
  if (finding.scenarios.empty() && context.scenarios > 1)
    page.row("when", finding.certainty == Certainty::always ? "holds in every scenario" : "cannot tell, in any scenario");
  write_scenarios(finding.scenarios, "when", page);
  page.row("here", finding.left_out);
  write_conditions(shown, page);
  write_path(shown.path, page);
  if (context.all_paths)
    write_other_paths(finding, page);
  else
    for (const std::string &entry : other_entries(finding))
      page.row("also", entry);
  for (const Event &event : finding.related)
    write_related(event, page);
  for (const std::string &hint : finding.hints)
    page.row("hint", hint);
  page.line();
}

} // namespace initorder
