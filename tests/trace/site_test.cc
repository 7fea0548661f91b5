// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which call is shown, and where it stands.
#include "tests/trace/small_packs.h"

namespace initorder::trace {
namespace {

Event event_from(std::vector<Frame> stack, std::string function = "set_local", std::string library = "crypto") {
  Timeline run;
  run.phase("mod-init").entry("tls", "mod_init").calls(std::move(function), std::move(library), {"state.create"});
  run.from(std::move(stack));
  const std::vector<Event> events = events_of(run);
  return events.empty() ? Event() : events.front();
}

} // namespace

TEST(Site, IsTheCallerOfTheLibrary) {
  const Event event = event_from({frame("libcrypto.so.3", "set_local"), frame("tls.so", "", 0x1a2b), frame("server")});
  EXPECT_EQ(event.call, "set_local");
  EXPECT_EQ(event.site, (SourcePlace{"tls.so+0x1a2b"}));
  EXPECT_EQ(event.site_unit, "tls");
  EXPECT_EQ(event.object, "tls.so");
  EXPECT_EQ(event.why, "keeps a value");
}

TEST(Site, HasItsLineWhenThereIsDebugInformation) {
  Frame caller = frame("tls.so", "mod_init");
  caller.source = {"tls_mod.c", 12, 3};
  const Event event = event_from({frame("libcrypto.so.3", "set_local"), caller});
  EXPECT_EQ(event.site, (SourcePlace{"tls_mod.c", 12, 3}));
  EXPECT_EQ(event.site_function, "mod_init");
}

TEST(Site, DeepInsideTheCallShownIsTheOneThatEnteredTheLibrary) {
  const Event event = event_from({frame("libcrypto.so.3", "set_local"), frame("libcrypto.so.3"),
                                  frame("libcrypto.so.3", "rand"), frame("tls.so")});
  EXPECT_EQ(event.call, "rand");
  EXPECT_EQ(event.why, "in set_local(): keeps a value");
}

TEST(Site, ALibraryMayHaveSeveralObjects) {
  const Event event = event_from({frame("libcrypto.so.3", "set_local"), frame("libcrypto.so.3", "inner"),
                                  frame("libssl.so.3", "ctx_new"), frame("tls.so")});
  EXPECT_EQ(event.call, "ctx_new");
  EXPECT_EQ(event.object, "tls.so");
}

TEST(Site, AnObjectThatWasEnteredThroughAFunctionOfThePackIsTheLibrarys) {
  const Event event = event_from({frame("libcrypto.so.3", "set_local"), frame("libother.so", "x"),
                                  frame("libother.so", "connect"), frame("tls.so")});
  EXPECT_EQ(event.call, "connect");
  EXPECT_EQ(event.object, "tls.so");
}

TEST(Site, ACallbackThatLibcRunsForTheLibraryIsTheLibrarys) {
  const Event event = event_from({frame("libcrypto.so.3", "set_local"), frame("libcrypto.so.3"), frame("libc.so.6"),
                                  frame("libcrypto.so.3", "rand"), frame("tls.so")});
  EXPECT_EQ(event.call, "rand");
  EXPECT_EQ(event.object, "tls.so");
}

TEST(Site, ACallbackOfAModuleIsTheModules) {
  const Event event = event_from({frame("libcrypto.so.3", "set_local"), frame("tls.so", "on_info"),
                                  frame("libcrypto.so.3", "rand"), frame("db.so")});
  EXPECT_EQ(event.call, "set_local");
  EXPECT_EQ(event.object, "tls.so");
}

TEST(Site, ACallOfAnotherLibraryIsThatLibrarys) {
  const Event event =
      event_from({frame("libcrypto.so.3", "set_local"), frame("libcurl.so.4", "curl_global_init"), frame("http.so")});
  EXPECT_EQ(event.object, "libcurl.so.4");
  EXPECT_EQ(event.site_unit, "libcurl");
}

TEST(Site, AProgramIsTheCore) {
  const Event event = event_from({frame("libcrypto.so.3", "set_local"), frame("server", "main")});
  EXPECT_EQ(event.site_unit, "core");
}

TEST(Site, AStackThatEndsInTheLibraryIsToldAsItIs) {
  const Event event = event_from({frame("libcrypto.so.3", "set_local", 0x99)});
  EXPECT_EQ(event.site.file, "libcrypto.so.3+0x99");
  EXPECT_EQ(event_from({}).call, "set_local");
}

TEST(Site, GeneratedCodeHasAnAddress) {
  const Event event = event_from({frame("libcrypto.so.3", "set_local"), Frame{.offset = 0x7f12}});
  EXPECT_EQ(event.site.file, "0x7f12");
}

TEST(Path, BeginsWithPhaseAndEntryAndEndsInTheCall) {
  const Event event = event_from({frame("libcrypto.so.3", "set_local"), frame("libcrypto.so.3", "rand"),
                                  frame("tls.so", "mod_init", 0x20), frame("server", "", 0x30)});
  std::vector<std::string> steps;
  for (const PathStep &step : event.path)
    steps.push_back(step.at.file + "|" + step.function + "|" + step.text);
  EXPECT_THAT(steps, ElementsAre("||phase mod-init: mod-init of all modules", "|mod_init|mod_init() of tls",
                                 "server+0x30||calls mod_init()", "tls.so+0x20|mod_init|calls rand()"));
}

TEST(Path, EntriesShowTheirArguments) {
  Timeline run;
  run.phase("child-init").entry("tls", "child_init", {-127}).calls("rand", "crypto", {"state.create"});
  EXPECT_EQ(events_of(run)[0].path[1].text, "child_init(-127) of tls");
}

} // namespace initorder::trace
