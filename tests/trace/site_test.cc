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

TEST(Site, AFunctionThatWasLinkedIntoAModuleDoesNotMakeItTheLibrarys) {
  const Event event = event_from({frame("tls.so", "key_create"), frame("tls.so", "mod_init", 0x30), frame("server")},
                                 "key_create", "threads");
  EXPECT_EQ(event.call, "key_create");
  EXPECT_EQ(event.site.file, "tls.so+0x30");
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

namespace {

std::vector<std::string> steps_of(const Event &event) {
  std::vector<std::string> steps;
  for (const PathStep &step : event.path)
    steps.push_back(step.at.file + "|" + step.function + "|" + step.text);
  return steps;
}

} // namespace

TEST(Path, BeginsWithTheCallThatOpenedThePhaseAndEndsInTheCall) {
  const Event event =
      event_from({frame("libcrypto.so.3", "set_local"), frame("libcrypto.so.3", "rand"), frame("tls.so", "", 0x20),
                  frame("tls.so", "", 0x30), frame("server", "opens_it", 0x40), frame("server", "", 0x50),
                  frame("libc.so.6", "start")});
  EXPECT_THAT(steps_of(event), ElementsAre("server+0x50||phase mod-init: calls opens_it()",
                                           "server+0x40|opens_it|calls mod_init() of tls", "tls.so+0x30|mod_init|calls",
                                           "tls.so+0x20||calls rand()"));
}

TEST(Path, WithoutTheOpeningFunctionItHasAllFrames) {
  const Event event =
      event_from({frame("libcrypto.so.3", "set_local"), frame("server", "", 0x30), frame("libc.so.6", "start", 0x40)});
  EXPECT_THAT(steps_of(event), ElementsAre("||phase mod-init: mod-init of all modules", "|mod_init|mod_init() of tls",
                                           "libc.so.6+0x40|start|calls", "server+0x30||calls set_local()"));
}

TEST(Path, EntriesShowTheirArguments) {
  Timeline run;
  run.phase("child-init").entry("tls", "child_init", {-127}).calls("rand", "crypto", {"state.create"});
  EXPECT_THAT(steps_of(events_of(run)[0]),
              ElementsAre("||phase child-init: init_child()", "|child_init|child_init(-127) of tls"));
}

TEST(Site, AFunctionThatJumpedToAnotherIsTheOneThatWasCalled) {
  Timeline run;
  const Frame caller = frame("tls.so", "", 0x20);
  run.calls("rand", "crypto", {}).from({frame("libcrypto.so.3", "rand"), caller});
  run.calls("set_local", "crypto", {"state.create"});
  run.from({frame("libcrypto.so.3", "set_local"), frame("libcrypto.so.3", "rand_ex"), caller}).returns(1);
  EXPECT_EQ(events_of(run)[0].call, "rand");
}

TEST(Site, AnEarlierCallFromElsewhereNamesNothing) {
  Timeline run;
  run.calls("rand", "crypto", {}).from({frame("libcrypto.so.3", "rand"), frame("tls.so", "", 0x10)});
  run.calls("set_local", "crypto", {"state.create"});
  run.from({frame("libcrypto.so.3", "set_local"), frame("libcrypto.so.3", "rand_ex"), frame("tls.so", "", 0x20)});
  EXPECT_EQ(events_of(run)[0].call, "rand_ex");
}

} // namespace initorder::trace
