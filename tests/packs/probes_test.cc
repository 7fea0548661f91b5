// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which functions the tracer stops at, and what it sees there.
#include "rules/probes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initorder {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

static LibraryFunction function(const std::string &name, std::vector<CallEffect> effects = {}, TraceHint trace = {}) {
  LibraryFunction out;
  out.name = name;
  out.effects = std::move(effects);
  out.trace = std::move(trace);
  return out;
}

static CallEffect effect(const std::string &name) {
  return {.effect = name, .when = {}, .why = {}};
}
static CallEffect measured(const std::string &name) {
  return {.effect = name, .when = {}, .why = {}, .measured = true, .predicted = false};
}

static const TraceHint kNo{.off = true};
static const TraceHint kYes{.always = true};

static Packs libraries(std::vector<std::vector<LibraryFunction>> functions) {
  Packs out;
  for (auto &list : functions) {
    LibraryPack &pack = out.libraries.emplace_back();
    pack.name = "library " + std::to_string(out.libraries.size());
    pack.functions = std::move(list);
  }
  return out;
}

/// "name(effect effect)" of each probe.
static std::vector<std::string> seen(const std::vector<Probe> &probes) {
  std::vector<std::string> out;
  for (const Probe &probe : probes) {
    std::string text = probe.function->name + "(";
    for (const Probe::Effect &one : probe.effects)
      text += (text.back() == '(' ? "" : " ") + one.effect->effect;
    out.push_back(text + ")");
  }
  return out;
}

TEST(Probes, AFunctionIsStoppedAtForItsEffectsInTheOrderOfNames) {
  const Packs packs =
      libraries({{function("b", {effect("x"), effect("y")}), function("a", {effect("x")}), function("c")}});
  EXPECT_THAT(seen(probes_of(packs, nullptr)), ElementsAre("a(x)", "b(x y)"));
}

TEST(Probes, AMeasuredEffectIsSeenNowhereElse) {
  const Packs packs =
      libraries({{function("caller", {effect("state")}), function("both", {effect("state"), effect("x")})},
                 {function("where_it_happens", {measured("state")})}});
  EXPECT_THAT(seen(probes_of(packs, nullptr)), ElementsAre("both(x)", "where_it_happens(state)"));
}

TEST(Probes, YesStopsWithoutAnEffectAndNoNeverStops) {
  const Packs packs = libraries({{function("caller", {effect("state")}, kYes), function("never", {effect("x")}, kNo),
                                  function("here", {measured("state")})}});
  EXPECT_THAT(seen(probes_of(packs, nullptr)), ElementsAre("caller()", "here(state)"));
}

TEST(Probes, ANameInTwoPacksIsOneProbeWithBothTheirEffects) {
  const Packs packs =
      libraries({{function("f", {effect("x"), effect("y")})}, {function("f", {effect("z"), effect("y")}, kYes)}});
  const std::vector<Probe> probes = probes_of(packs, nullptr);
  ASSERT_THAT(seen(probes), ElementsAre("f(x y z)"));
  // It is the second that says how to trace it.
  EXPECT_EQ(probes[0].pack, &packs.libraries[1]);
  EXPECT_EQ(probes[0].effects[0].pack, &packs.libraries[0]);
  EXPECT_EQ(probes[0].effects[2].pack, &packs.libraries[1]);
}

TEST(Probes, AnEffectForBothReadersIsSeenOnce) {
  CallEffect for_both = measured("x");
  for_both.predicted = true;
  const Packs packs = libraries({{function("f", {effect("x"), measured("x")}), function("g", {for_both})}});
  EXPECT_THAT(seen(probes_of(packs, nullptr)), ElementsAre("f(x)", "g(x)"));
}

TEST(Probes, NoInOnePackIsNoForAll) {
  EXPECT_THAT(probes_of(libraries({{function("f", {effect("x")}, kYes)}, {function("f", {}, kNo)}}), nullptr),
              IsEmpty());
}

TEST(Probes, SymbolsStandForTheName) {
  const Packs packs = libraries(
      {{function("atexit", {effect("x")}, {.symbols = {"__cxa_atexit", "old"}}), function("f", {effect("x")})}});
  const std::vector<Probe> probes = probes_of(packs, nullptr);
  ASSERT_EQ(probes.size(), 2u);
  EXPECT_THAT(probes[0].symbols, ElementsAre("__cxa_atexit", "old"));
  EXPECT_THAT(probes[1].symbols, ElementsAre("f"));
}

TEST(Probes, OfHostsOnlyTheOneThatRunsCounts) {
  Packs packs = libraries({{function("connect", {effect("state")})}});
  for (const char *name : {"one", "other"}) {
    HostPack &host = packs.hosts.emplace_back();
    host.name = name;
    host.functions = {function(std::string("spawn_") + name, {effect("fork")}),
                      function("api.init", {effect("open")})}; // a field has no address of its own
  }
  packs.hosts[1].functions.push_back(function("state_here", {measured("state")}));
  EXPECT_THAT(seen(probes_of(packs, nullptr)), ElementsAre("connect(state)"));
  const std::vector<Probe> probes = probes_of(packs, &packs.hosts[0]);
  EXPECT_THAT(seen(probes), ElementsAre("connect(state)", "spawn_one(fork)"));
  EXPECT_EQ(probes.back().pack, nullptr);
  EXPECT_THAT(seen(probes_of(packs, &packs.hosts[1])), ElementsAre("spawn_other(fork)", "state_here(state)"));
}

TEST(Probes, TheEndOfACallIsSeenIfItMayHaveHadNoEffect) {
  LibraryFunction refused = function("f", {effect("x")});
  refused.success = 1;
  const Packs packs = libraries({{refused}});
  EXPECT_TRUE(probes_of(packs, nullptr).at(0).ends);
}

TEST(Probes, TheEndOfACallIsSeenIfSomethingIsKnownOnlyThen) {
  using Type = TracedArgument::Type;
  const auto ends = [](TraceHint hint, std::optional<ResourceRef> resource = {}) {
    LibraryFunction f = function("f", {effect("x")}, std::move(hint));
    f.resource = std::move(resource);
    const Packs packs = libraries({{f}});
    return probes_of(packs, nullptr).at(0).ends;
  };
  EXPECT_FALSE(ends({.arguments = {{"path", Type::text}}}));
  EXPECT_TRUE(ends({.result = true}));
  EXPECT_TRUE(ends({.arguments = {{"key", Type::out_integer}}}));
  EXPECT_FALSE(ends({.slow_path = true, .arguments = {{"key", Type::out_integer}}}));
  // A connection is known by what the call returns; a handle that it is given is known before.
  EXPECT_TRUE(ends({}, ResourceRef{.in = ResourceRef::In::result}));
  EXPECT_TRUE(ends({}, ResourceRef{.in = ResourceRef::In::pointed_to_by_argument}));
  EXPECT_FALSE(ends({}, ResourceRef{.in = ResourceRef::In::argument}));
  EXPECT_TRUE(ends({}, ResourceRef{.in = ResourceRef::In::argument, .success = 0}));
  EXPECT_FALSE(ends({}));
  EXPECT_FALSE(ends({}, ResourceRef{.in = ResourceRef::In::argument, .closes = true}));
}

} // namespace initorder
