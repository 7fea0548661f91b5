// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes one of the sample reports as SARIF: `write_sample plain|hostile|empty`.
#include "sample.h"

#include <iostream>
#include <string_view>

using namespace initorder;

static Report hostile_report() {
  Report report = sample_report();
  report.root = "/tmp/100% \xff [odd]#tree?";
  Finding &finding = report.findings.front();
  finding.message = "'\xc3\x28' {0} [text](link) \x01 \"quoted\"";
  finding.scenarios = {{{{"mode", "0"}}, Answer::holds}, {{{"na\xff me", "1"}}, Answer::does_not}};
  for (int i = 0; i < 200; ++i)
    finding.events.push_back(sample_event("child-init-main", "m" + std::to_string(i)));
  finding.events[0].conditions = {"use_db != 0 (a.c:12)", "\xfe"};
  finding.events[1].path.clear();
  finding.events[2].path[1].at = {};
  finding.events[3].site = {"/usr/include/op \xff.h", 0, 0};
  finding.related = {sample_event("tls-pre-init", "tls"), Event{}};
  report.findings.push_back(sample_finding());
  report.findings.back().rule = "a-rule-without-a-check";
  report.findings.back().site = {"a:b/%41 \xe2\x82.c", 0, 7};
  report.caveats = {{Caveat::Kind::parse_errors, {"a.c", 1, 0}, "2 errors \xff"},
                    {Caveat::Kind::not_read, {}, "b"},
                    {Caveat::Kind::cannot_tell, {"c.c", 0, 0}, ""}};
  return report;
}

int main(int argc, char **argv) {
  const std::string_view which = argc > 1 ? argv[1] : "plain";
  write_sarif(which == "hostile" ? hostile_report() : which == "empty" ? Report{} : sample_report(), std::cout);
  return std::cout.flush() ? 0 : 1;
}
