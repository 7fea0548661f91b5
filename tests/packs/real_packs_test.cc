// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/deployment_effects.h"
#include "rules/packs.h"
#include "rules/probes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace initorder {

TEST(RealPacks, LoadWithoutError) {
  const auto packs = load_packs(INITORDER_SOURCE_RULES);
  ASSERT_TRUE(packs.has_value()) << packs.error().text();
  EXPECT_FALSE(packs->hosts.empty());
  EXPECT_FALSE(packs->libraries.empty());
  EXPECT_FALSE(packs->checks.empty());
}

TEST(RealPacks, ATracerStopsWhereEffectsHappen) {
  const auto packs = load_packs(INITORDER_SOURCE_RULES);
  ASSERT_TRUE(packs.has_value()) << packs.error().text();
  const std::vector<Probe> probes = probes_of(*packs, nullptr);
  const auto has = [&](const char *name) {
    return std::any_of(probes.begin(), probes.end(), [&](const Probe &probe) { return probe.function->name == name; });
  };
  for (const char *name : {"CRYPTO_THREAD_set_local", "pthread_setspecific", "SSL_CTX_new", "Py_Initialize", "dlopen"})
    EXPECT_TRUE(has(name)) << name;
  // What these do is seen where it happens; and these would cost thousands of stops.
  for (const char *name : {"ERR_get_error", "SSL_read", "PyRun_SimpleString", "pthread_mutex_init", "CRYPTO_zalloc"})
    EXPECT_FALSE(has(name)) << name;
}

/// What a rule asks of a trace should be seen by some probe. Those that are not have their reason in a pack.
TEST(RealPacks, FewEffectsThatRulesAskForAreNeverSeen) {
  const auto packs = load_packs(INITORDER_SOURCE_RULES);
  ASSERT_TRUE(packs.has_value()) << packs.error().text();
  std::set<std::string> unseen;
  for (const Check &check : packs->checks)
    for (const Mention &mention : check.mentions)
      if (mention.of == Mention::Of::effect)
        unseen.insert(mention.name);
  for (const Probe &probe : probes_of(*packs, &packs->hosts.at(0)))
    for (const Probe::Effect &effect : probe.effects)
      unseen.erase(effect.effect->effect);
  for (const LibraryPack &library : packs->libraries) {
    for (const OwnCall &own : library.own_calls)
      unseen.erase(own.means);
    for (const ObservedState &state : library.states) // inspect sees these
      unseen.erase(state.effect);
  }
  // Those of a deployment are seen in files, and openssl.link is one of them.
  for (const std::string_view effect : kDeploymentEffects)
    unseen.erase(std::string(effect));
  EXPECT_THAT(unseen, ::testing::ElementsAre(
                          "condition.private-in-shared-memory", "exit-handler.ends-process", "fork.raw", "mutex.init-private",
                          "mutex.interposed", "mutex.private-in-shared-memory", "mutex.shared-in-private-memory", "openssl.fork-child",
                          "openssl.fork-handlers", "openssl.fork-prepare", "openssl.init-interposed",
                          "openssl.init-without-fork-handlers",
                          "openssl.link", "openssl.lock.create", "openssl.no-exit-handler", "process.exec", "process.exit",
                          "process.without-child-init", "python.gil-release",
                          "shared-memory.destroy", "tsd.key.read-by-number", "tsd.key.write-by-number"));
}

/// A probe whose symbol is another's name would see each call twice.
TEST(RealPacks, NoSymbolBelongsToTwoProbes) {
  const auto packs = load_packs(INITORDER_SOURCE_RULES);
  ASSERT_TRUE(packs.has_value()) << packs.error().text();
  std::set<std::string> symbols;
  for (const Probe &probe : probes_of(*packs, &packs->hosts.at(0)))
    for (const std::string &symbol : probe.symbols)
      EXPECT_TRUE(symbols.insert(symbol).second) << symbol << " of " << probe.function->name;
}

} // namespace initorder
