// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The report as it is, for programs that want more than SARIF holds.
#include "reports/describe.h"
#include "reports/fingerprint.h"
#include "reports/json_output.h"
#include "reports/report.h"

namespace initorder {
namespace {

Json json_of(const SourcePlace &place) {
  return {{"file", place.file}, {"line", place.line}, {"column", place.column}};
}

Json json_of(const Place &place) {
  return {{"phase", place.phase},
          {"module", place.module},
          {"process", name_of(place.process)},
          {"process_id", place.process_id},
          {"thread", name_of(place.thread)}};
}

Json json_of(const std::vector<PathStep> &path) {
  Json steps = Json::array();
  for (const PathStep &step : path)
    steps.push_back({{"at", json_of(step.at)}, {"function", step.function}, {"text", step.text}});
  return steps;
}

Json json_of(const std::vector<Event> &events) {
  Json list = Json::array();
  for (const Event &event : events) {
    Json item = {{"effect", event.effect},         {"call", event.call},
                 {"library", event.library},       {"why", event.why},
                 {"source", event.source},         {"place", json_of(event.place)},
                 {"site", json_of(event.site)},    {"function", event.site_function},
                 {"unit", event.site_unit},        {"path", json_of(event.path)},
                 {"conditions", event.conditions}, {"certainty", name_of(event.certainty)}};
    if (event.resource)
      item["resource"] = *event.resource;
    list.push_back(std::move(item));
  }
  return list;
}

Json json_of(const Finding &finding, const std::string &fingerprint) {
  Json out = {{"rule", finding.rule},
          {"severity", name_of(finding.severity)},
          {"message", finding.message},
          {"site", json_of(finding.site)},
          {"call", finding.call},
          {"certainty", name_of(finding.certainty)},
          {"scenarios", json_of_scenarios(finding.scenarios)},
          {"fingerprint", fingerprint},
          {"events", json_of(finding.events)},
          {"related", json_of(finding.related)},
          {"hints", finding.hints}};
  if (!finding.left_out.empty())
    out["left_out"] = finding.left_out;
  return out;
}

Json rules_of(const Report &report) {
  Json rules = Json::array();
  for (const Check &check : report.checks)
    rules.push_back({{"id", check.id},
                     {"title", check.title},
                     {"severity", name_of(check.severity)},
                     {"why", check.why},
                     {"fix", check.fix},
                     {"example", check.example},
                     {"sources", check.sources}});
  return rules;
}

Json caveats_of(const Report &report) {
  Json caveats = Json::array();
  for (const Caveat &caveat : report.caveats)
    caveats.push_back({{"kind", name_of(caveat.kind)}, {"at", json_of(caveat.at)}, {"what", caveat.what}});
  return caveats;
}

} // namespace

void write_json(const Report &report, std::ostream &out) {
  Json head = {{"schema", "initorder-report/1"},
               {"tool", {{"name", "initorder"}, {"version", report.version}}},
               {"evidence", report.observed ? "observed" : "predicted"},
               {"root", report.root},
               {"host", {{"name", report.host_name}, {"title", report.host}, {"layout", report.layout}}},
               {"summary",
                {{"findings", report.findings.size()},
                 {"files", report.files},
                 {"parsed", report.parsed},
                 {"ruled_out", report.ruled_out},
                 {"modules", report.modules},
                 {"took_ms", report.took.count()}}},
               {"scenarios", report.scenarios},
               {"rules", rules_of(report)},
               {"caveats", caveats_of(report)}};
  for (const auto &[name, value] : report.more)
    head[name] = Json::parse(value);
  const std::vector<std::string> fingerprints = fingerprints_of(report.findings);
  write_with_list(
      head, "findings", report.findings.size(),
      [&](std::size_t i) { return json_of(report.findings[i], fingerprints[i]); }, out);
  out << "}\n";
}

} // namespace initorder
