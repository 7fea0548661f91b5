// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A finding as a SARIF result. Each way from an entry point to the site is a code flow of its own.
#include "reports/describe.h"
#include "reports/sarif_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace initorder {
namespace {

constexpr std::size_t kMostFlows = 50;        ///< of one result: viewers choke on hundreds
constexpr std::size_t kMostRelatedFlows = 10; ///< of these, for related events

std::string describe_call(const Event &event) {
  return fmt::format("{} ({})", event.call.empty() ? event.effect : event.call, event.effect);
}

/// The event's path (3.36, 3.37). The last step makes the call; an event without a path is its own only step.
Json code_flow(const Event &event, const std::string &message) {
  Json steps = Json::array();
  int level = 0;
  for (const PathStep &step : event.path) {
    const std::string text = step.text.empty() ? step.function : step.text;
    steps.push_back({{"location", sarif_location(step.at, step.function, text)}, {"nestingLevel", level++}});
  }
  if (event.path.empty() || event.path.back().at != event.site)
    steps.push_back(
        {{"location", sarif_location(event.site, event.site_function, describe_call(event))}, {"nestingLevel", level}});
  steps.back()["importance"] = "essential";
  return {{"message", sarif_message(message)}, {"threadFlows", Json::array({{{"locations", std::move(steps)}}})}};
}

/// At most `most` of the events, in their order: first one for each module, then the rest.
std::vector<const Event *> choose_events(const std::vector<Event> &events, std::size_t most) {
  std::vector<std::size_t> chosen, rest;
  std::set<std::string> modules;
  for (std::size_t i = 0; i < events.size(); ++i)
    (modules.insert(events[i].place.module).second ? chosen : rest).push_back(i);
  chosen.insert(chosen.end(), rest.begin(), rest.end());
  chosen.resize(std::min(most, chosen.size()));
  std::ranges::sort(chosen);
  std::vector<const Event *> result;
  for (std::size_t i : chosen)
    result.push_back(&events[i]);
  return result;
}

Json code_flows(const Finding &finding) {
  const std::size_t related = std::min(kMostRelatedFlows, finding.related.size());
  Json flows = Json::array();
  for (const Event *event : choose_events(finding.events, kMostFlows - related))
    flows.push_back(code_flow(*event, describe(event->place)));
  for (std::size_t i = 0; i < related; ++i)
    flows.push_back(code_flow(finding.related[i], "related: " + describe(finding.related[i].place)));
  return flows;
}

Json related_locations(const Finding &finding) {
  Json locations = Json::array();
  for (const Event &event : finding.related) {
    Json location = sarif_location(event.site, event.site_function,
                                   fmt::format("{}, {}", describe_call(event), describe(event.place)));
    location["id"] = locations.size();
    locations.push_back(std::move(location));
  }
  return locations;
}

Json properties_of(const Finding &finding, std::size_t flows) {
  const Event &shown = finding.events.front();
  Json entry_points = Json::array();
  for (const Event &event : finding.events)
    entry_points.push_back({{"phase", event.place.phase},
                            {"module", event.place.module},
                            {"process", name_of(event.place.process)},
                            {"thread", name_of(event.place.thread)}});
  return {{"phase", shown.place.phase},
          {"module", shown.place.module},
          {"process", name_of(shown.place.process)},
          {"thread", name_of(shown.place.thread)},
          {"call", finding.call},
          {"effect", shown.effect},
          {"why", shown.why},
          {"source", shown.source},
          {"certainty", name_of(finding.certainty)},
          {"conditions", shown.conditions},
          {"scenarios", json_of_scenarios(finding.scenarios)},
          {"hints", finding.hints},
          {"entryPoints", std::move(entry_points)},
          {"codeFlowsLeftOut", finding.events.size() + finding.related.size() - flows}};
}

/// One sentence on what breaks the rule, one on how it is reached.
std::string message_of(const Finding &finding) {
  const Event &shown = finding.events.front();
  std::string text = fmt::format("{}. Reached from {}", finding.message, describe(shown.place));
  if (finding.events.size() > 1)
    text += fmt::format(", and from {}", count_of(finding.events.size() - 1, "other entry point"));
  for (const std::string &condition : shown.conditions)
    text += (&condition == &shown.conditions.front() ? "; only if " : " and ") + condition;
  text += ".";
  for (const std::string &hint : finding.hints)
    text += " Hint: " + hint + ".";
  return text;
}

} // namespace

Json sarif_result(const Finding &finding, int rule_index, const std::string &fingerprint) {
  Json result = {{"ruleId", finding.rule}};
  if (rule_index >= 0)
    result["ruleIndex"] = rule_index;
  result["level"] = name_of(finding.severity);
  result["message"] = sarif_message(message_of(finding));
  result["locations"] = Json::array({sarif_location(finding.site, finding.events.front().site_function, "")});
  result["partialFingerprints"] = {{"initorder/v1", fingerprint}};
  Json flows = code_flows(finding);
  result["properties"] = properties_of(finding, flows.size());
  result["codeFlows"] = std::move(flows);
  if (!finding.related.empty())
    result["relatedLocations"] = related_locations(finding);
  return result;
}

} // namespace initorder
