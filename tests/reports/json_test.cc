// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/json_output.h"
#include "sample.h"

#include <gmock/gmock.h>

using namespace initorder;

static Json json(const Report &report) {
  return Json::parse(written([&](std::ostream &out) { write_json(report, out); }));
}

TEST(JsonReport, NamesItsSchema) {
  EXPECT_EQ(json(Report{})["schema"], "initorder-report/1");
}

TEST(JsonReport, AnEventKeepsItsPlaceAndPath) {
  const Json event = json(sample_report())["findings"][0]["events"][0];
  EXPECT_EQ(event["place"]["phase"], "mod-init");
  EXPECT_EQ(event["place"]["process"], "main");
  EXPECT_EQ(event["path"].size(), 3u);
  EXPECT_EQ(event["path"][1]["at"]["line"], 80);
  EXPECT_FALSE(event.contains("resource"));
}

TEST(JsonReport, AllCaveatsAreThere) {
  Report report = sample_report();
  report.caveats.resize(1000);
  EXPECT_EQ(json(report)["caveats"].size(), 1000u);
}

TEST(JsonReport, ScenariosAreObjects) {
  Report report = sample_report();
  report.findings[0].scenarios = {{{{"mode", "2"}}, Answer::cannot_tell}, {{{"mode", "1"}}, Answer::does_not}};
  const Json told = json(report)["findings"][0]["scenarios"];
  EXPECT_EQ(told[0]["values"]["mode"][0], "2");
  EXPECT_EQ(told[0]["answer"], "cannot-tell");
  EXPECT_EQ(told[1]["answer"], "does-not");
  EXPECT_EQ(json(report)["scenarios"].size(), 2u);
}
