// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/installed.h"

#include <gmock/gmock.h>

#include <fstream>

#include <unistd.h>

using namespace initorder;
namespace fs = std::filesystem;

static Event call_at(unsigned line, const std::string &phase) {
  Event event;
  event.site = {"tls.c", line, 5};
  event.call = "SSL_CTX_new";
  event.place.phase = phase;
  return event;
}

static Finding finding_of(const Event &event) {
  Finding finding;
  finding.events = {event};
  return finding;
}

/// Line 10 is for 1.1.1 alone; in 3.0, line 20 is reached after the fork.
static Built built_with(const std::string &installed) {
  Built built({{"ssl", installed}}, {{"ssl", installed + ".7"}});
  built.add({{{"ssl", "1.1.1"}}, {call_at(10, "mod-init"), call_at(20, "mod-init")}});
  built.add({{{"ssl", "3.0"}}, {call_at(20, "child-init")}});
  return built;
}

TEST(Built, ACallOfAnotherVersionIsLeftOut) {
  EXPECT_EQ(built_with("3.0").left_out(finding_of(call_at(10, "mod-init"))),
            "the call is not made with the installed headers: ssl 3.0.7");
  EXPECT_EQ(built_with("1.1.1").left_out(finding_of(call_at(10, "mod-init"))), "");
}

TEST(Built, TheSameCallInAnotherPhaseIsAnotherCall) {
  EXPECT_NE(built_with("3.0").left_out(finding_of(call_at(20, "mod-init"))), "");
  EXPECT_EQ(built_with("3.0").left_out(finding_of(call_at(20, "child-init"))), "");
}

TEST(Built, WithoutInstalledHeadersNothingIsLeftOut) {
  EXPECT_EQ(Built({}, {}).left_out(finding_of(call_at(10, "mod-init"))), "");
}

TEST(Built, AStartUpThatDoesNotAskForTheVersionIsEachVersions) {
  Built built({{"ssl", "3.0"}}, {});
  built.add({{{"mode", "1"}}, {call_at(10, "mod-init")}});
  EXPECT_EQ(built.left_out(finding_of(call_at(10, "mod-init"))), "");
}

TEST(VersionInHeader, IsTheWordAfterTheText) {
  const fs::path header = fs::path(testing::TempDir()) / ("version." + std::to_string(::getpid()) + ".h");
  std::ofstream(header) << "/* \"Ssl 9.9 */\n# define TEXT \"Ssl 3.0.7 1 Jan 2026\"\n";
  EXPECT_EQ(version_in_header(header, "Ssl "), "3.0.7");
  EXPECT_EQ(version_in_header(header, "Other "), "");
  EXPECT_EQ(version_in_header(header / "none", "Ssl "), "");
  fs::remove(header);
}
