// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "sample.h"

#include <gmock/gmock.h>

using namespace initorder;
using testing::HasSubstr;
using testing::Not;

static std::string text(const Report &report, const TextOptions &options = {}) {
  return written([&](std::ostream &out) { write_text(report, options, out); });
}

TEST(Text, TheFirstLineOfAFindingIsWhatEditorsLookFor) {
  EXPECT_THAT(text(sample_report()), HasSubstr("\nmodules/outbound/ob.c:20:9: warning: 'RAND_bytes' creates thread "
                                               "state before fork [openssl-state-before-fork]\n"));
}

TEST(Text, ThePathStandsInColumns) {
  EXPECT_THAT(text(sample_report()),
              HasSubstr("  path    core/main.c:500                         mod-init: init_modules()\n"
                        "          modules/outbound/mod.c:80  in mod_init  calls init_key()\n"
                        "          modules/outbound/ob.c:20   in init_key  calls RAND_bytes()\n"));
}

TEST(Text, ARuleIsExplainedOnceForAllItsFindings) {
  Report report = sample_report();
  report.findings.push_back(sample_finding());
  const std::string shown = text(report);
  EXPECT_THAT(shown, HasSubstr("OpenSSL state before fork (2 findings)"));
  EXPECT_EQ(shown.find("Every worker inherits it."), shown.rfind("Every worker inherits it."));
}

TEST(Text, TheMostSevereRuleComesFirst) {
  Report report = sample_report();
  report.findings.push_back(sample_finding());
  report.findings.back().rule = "zzz";
  report.findings.back().severity = Severity::error;
  const std::string shown = text(report);
  EXPECT_LT(shown.find("[zzz]"), shown.find("[openssl-state-before-fork]"));
}

TEST(Text, OtherEntryPointsAreNamedByPhase) {
  Report report = sample_report();
  for (const char *module : {"tls", "auth"})
    report.findings[0].events.push_back(sample_event("child-init-main", module));
  EXPECT_THAT(text(report), HasSubstr("  also    child-init-main of auth, tls\n"));
  TextOptions all;
  all.all_paths = true;
  EXPECT_THAT(text(report, all), HasSubstr("modules/auth/mod.c:80"));
}

TEST(Text, AFindingThatIsNotInWhatIsBuiltHereSaysSo) {
  Report report = sample_report();
  EXPECT_THAT(text(report), Not(HasSubstr("  here    ")));
  report.findings[0].left_out = "the call is not made with the installed headers: ssl 3.0.7";
  EXPECT_THAT(text(report), HasSubstr("  here    the call is not made with the installed headers: ssl 3.0.7\n"));
  EXPECT_THAT(text(report), HasSubstr("1 finding (1 warning; 1 not in what is built here)"));
}

TEST(Text, ScenariosAndConditionsAreTold) {
  Report report = sample_report();
  EXPECT_THAT(text(report), HasSubstr("holds in every scenario"));
  report.findings[0].scenarios = {{{{"mode", "0"}}, Answer::holds}, {{{"mode", "1"}}, Answer::does_not}};
  report.findings[0].events[0].conditions = {"use_db != 0 (a.c:12)"};
  EXPECT_THAT(text(report), HasSubstr("  when    mode\n          0      holds\n          1      does not\n  if      only if use_db != 0 (a.c:12)\n"));
}

TEST(Text, ManyCaveatsAreSummarised) {
  Report report = sample_report();
  for (unsigned line = 1; line <= 7; ++line)
    report.caveats.push_back({Caveat::Kind::parse_errors, {"a.c", line, 0}, "2 errors"});
  EXPECT_THAT(text(report), HasSubstr("  a.c:5: 2 errors\n  ... and 2 more\n"));
}

TEST(Text, TheSummaryComesLast) {
  EXPECT_TRUE(text(sample_report())
                  .ends_with("\n1 finding (1 warning) in Kamailio SIP server: 10 files, 4 parsed, 6 ruled out; "
                             "2 modules, 2 scenarios; 0.0 s\n"));
}

TEST(Text, ATreeCannotDriveTheTerminal) {
  Report report = sample_report();
  report.findings[0].message = "\x1b]0;title\x07";
  EXPECT_THAT(text(report), Not(HasSubstr("\x1b")));
  TextOptions coloured;
  coloured.colour = true;
  EXPECT_THAT(text(report, coloured), HasSubstr("?]0;title?"));
}

TEST(Text, NothingFoundIsStillASummary) {
  EXPECT_THAT(text(Report{}), testing::StartsWith("0 findings in "));
}
