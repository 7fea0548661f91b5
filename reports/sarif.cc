// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SARIF 2.1.0, the contract with other programs: one log with one run.
#include "reports/describe.h"
#include "reports/fingerprint.h"
#include "reports/report.h"
#include "reports/sarif_values.h"

#include <algorithm>

namespace initorder {
namespace {

constexpr Caveat::Kind kCaveatKinds[] = {Caveat::Kind::parse_errors, Caveat::Kind::not_read, Caveat::Kind::cannot_tell};

Json tool_of(const Report &report) {
  Json notifications = Json::array();
  for (Caveat::Kind kind : kCaveatKinds)
    notifications.push_back({{"id", name_of(kind)}, {"shortDescription", sarif_message(sentence_for(kind))}});
  Json driver = {{"name", "initorder"},
                 {"fullName", "initorder: init-order hazards in pre-fork servers"},
                 {"rules", sarif_rules(report.checks)},
                 {"notifications", std::move(notifications)}};
  if (!report.version.empty())
    driver["version"] = report.version;
  return {{"driver", std::move(driver)}};
}

/// A caveat is a notification (3.58): the reader learns what the results do not say.
Json notification_of(const Caveat &caveat) {
  Json notification = {{"descriptor", {{"id", name_of(caveat.kind)}, {"index", static_cast<int>(caveat.kind)}}},
                       {"level", caveat.kind == Caveat::Kind::cannot_tell ? "note" : "warning"},
                       {"message", sarif_message(caveat.what)}};
  if (!caveat.at.file.empty())
    notification["locations"] = Json::array({sarif_location(caveat.at, "", "")});
  return notification;
}

Json invocation_of(const Report &report) {
  Json notifications = Json::array();
  for (const Caveat &caveat : report.caveats)
    notifications.push_back(notification_of(caveat));
  return {{"executionSuccessful", true}, {"toolExecutionNotifications", std::move(notifications)}};
}

Json properties_of(const Report &report) {
  return {{"evidence", report.observed ? "observed" : "predicted"},
          {"host", report.host_name},
          {"hostTitle", report.host},
          {"layout", report.layout},
          {"files", report.files},
          {"parsed", report.parsed},
          {"ruledOut", report.ruled_out},
          {"modules", report.modules},
          {"scenarios", report.scenarios},
          {"tookMilliseconds", report.took.count()}};
}

int index_of(const std::vector<Check> &checks, const std::string &rule) {
  const auto check = std::ranges::find(checks, rule, &Check::id);
  return check == checks.end() ? -1 : static_cast<int>(check - checks.begin());
}

} // namespace

void write_sarif(const Report &report, std::ostream &out) {
  const Json run = {{"tool", tool_of(report)},
                    {"invocations", Json::array({invocation_of(report)})},
                    {"originalUriBaseIds", {{"SRCROOT", {{"uri", folder_uri(report.root)}}}}},
                    {"columnKind", "unicodeCodePoints"},
                    {"properties", properties_of(report)}};
  out << R"({"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[)" << '\n';
  const std::vector<std::string> fingerprints = fingerprints_of(report.findings);
  write_with_list(
      run, "results", report.findings.size(),
      [&](std::size_t i) {
        const Finding &finding = report.findings[i];
        Json result = sarif_result(finding, index_of(report.checks, finding.rule), fingerprints[i]);
        if (!finding.left_out.empty()) // 3.35: not to be acted upon here
          result["suppressions"] = Json::array({{{"kind", "external"}, {"justification", finding.left_out}}});
        return result;
      },
      out);
  out << "}]}\n";
}

} // namespace initorder
