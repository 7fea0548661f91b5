// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/sarif_values.h"
#include "sample.h"

#include <gmock/gmock.h>

using namespace initorder;

static Json run_of(const Report &report) {
  return Json::parse(written([&](std::ostream &out) { write_sarif(report, out); }))["runs"][0];
}

TEST(Sarif, TheLocationIsRelativeToTheRoot) {
  const Json run = run_of(sample_report());
  EXPECT_EQ(run["originalUriBaseIds"]["SRCROOT"]["uri"], "file:///home/me/my%20tree/");
  const Json place = run["results"][0]["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "modules/outbound/ob.c");
  EXPECT_EQ(place["artifactLocation"]["uriBaseId"], "SRCROOT");
  EXPECT_EQ(place["region"]["startLine"], 20);
}

TEST(Sarif, TheRuleCarriesItsHelp) {
  const Json run = run_of(sample_report());
  const Json rule = run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"].get<int>()];
  EXPECT_EQ(rule["id"], run["results"][0]["ruleId"]);
  EXPECT_EQ(rule["helpUri"], "https://example.org/issues/1");
  EXPECT_THAT(rule["help"]["markdown"].get<std::string>(), testing::HasSubstr("Do it in child_init."));
}

TEST(Sarif, ThePathIsACodeFlow) {
  const Json steps = run_of(sample_report())["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"];
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(steps[1]["location"]["message"]["text"], "calls init_key()");
  EXPECT_EQ(steps[2]["location"]["physicalLocation"]["region"]["startLine"], 20);
  EXPECT_EQ(steps[2]["nestingLevel"], 2);
}

TEST(Sarif, RelatedEventsHaveALocationAndAFlow) {
  Report report = sample_report();
  report.findings[0].related = {sample_event("tls-pre-init", "tls")};
  const Json result = run_of(report)["results"][0];
  EXPECT_EQ(result["codeFlows"].size(), 2u);
  EXPECT_EQ(result["relatedLocations"].size(), 1u);
}

TEST(Sarif, ManyFlowsAreCutButEachModuleKeepsOne) {
  Report report = sample_report();
  for (int i = 0; i < 100; ++i)
    report.findings[0].events.push_back(sample_event("mod-init", "outbound"));
  report.findings[0].events.push_back(sample_event("mod-init", "tls"));
  const Json result = run_of(report)["results"][0];
  EXPECT_EQ(result["codeFlows"].size(), 50u);
  EXPECT_EQ(result["properties"]["codeFlowsLeftOut"], 52);
  EXPECT_EQ(result["properties"]["entryPoints"].size(), 102u);
  EXPECT_THAT(result["codeFlows"][49]["message"]["text"].get<std::string>(), testing::HasSubstr("of tls"));
}

TEST(Sarif, AFindingThatIsNotInWhatIsBuiltHereIsSuppressed) {
  Report report = sample_report();
  report.findings.push_back(sample_finding());
  report.findings[1].left_out = "not with the installed headers";
  const Json results = run_of(report)["results"];
  EXPECT_FALSE(results[0].contains("suppressions"));
  EXPECT_EQ(results[1]["suppressions"][0]["justification"], "not with the installed headers");
}

TEST(Sarif, ACaveatIsANotification) {
  Report report = sample_report();
  report.caveats = {{Caveat::Kind::cannot_tell, {"a.c", 3, 0}, "target of 'f'"}};
  const Json invocation = run_of(report)["invocations"][0];
  EXPECT_EQ(invocation["executionSuccessful"], true);
  EXPECT_EQ(invocation["toolExecutionNotifications"][0]["descriptor"]["id"], "cannot-tell");
}

TEST(Sarif, BytesThatAreNotUtf8AreReplaced) {
  Report report = sample_report();
  report.findings[0].message = "a\xff";
  EXPECT_THAT(run_of(report)["results"][0]["message"]["text"].get<std::string>(), testing::StartsWith("a\xef\xbf\xbd"));
}

TEST(UriPath, KeepsSlashesAndEncodesTheRest) {
  EXPECT_EQ(uri_path("a b/c:d%\xff.c"), "a%20b/c%3Ad%25%FF.c");
  EXPECT_EQ(folder_uri("/"), "file:///");
}
