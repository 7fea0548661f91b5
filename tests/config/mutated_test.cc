// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Configurations that somebody has damaged. Any answer is good that is an answer, soon. INITORDER_MUTATIONS=100000 shows
// more of them.
#include "tests/config/support.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

namespace initorder::config {

namespace {

/// Debian's own, where Kamailio is installed; else one of ours that has a bit of everything.
std::string real_one() {
  for (const char *path : {"/etc/kamailio/kamailio.cfg", INITORDER_CONFIGS "/sample.cfg"}) {
    std::ifstream file(path);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!text.empty())
      return text;
  }
  return {};
}

unsigned mutations() {
  const char *wanted = std::getenv("INITORDER_MUTATIONS");
  return wanted ? static_cast<unsigned>(std::atoi(wanted)) : 400;
}

} // namespace

TEST(MutatedConfigs, AreAnswered) {
  const std::string whole = real_one();
  ASSERT_GT(whole.size(), 1000u);
  const std::vector<std::string> pieces{"#!ifdef ", "#!endif\n", "#!else\n",   "\"",  "'",       "/*",     "*/",       "{",
                                        "}",        "$(",        "#!define A A\n", "A", "\\",      "\n",     "#!subst ", "loadmodule ",
                                        "#!ifexp ((((", "include_file \"server.cfg\"\n", std::string(1, '\0'), "\xff", "modparam(", "!!"};
  for (unsigned seed = 0; seed < mutations(); ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::string text = whole;
    for (unsigned i = 0, changes = 1 + random() % 12; i < changes; ++i) {
      const std::size_t place = random() % text.size();
      switch (random() % 4) {
      case 0:
        text.insert(place, pieces[random() % pieces.size()]);
        break;
      case 1:
        text.erase(place, 1 + random() % 40);
        break;
      case 2:
        text[place] = static_cast<char>(random());
        break;
      default:
        text.insert(place, text.substr(random() % text.size(), random() % 2000));
      }
      if (text.empty())
        text = "#";
    }
    const Result<Config> parsed = Parsed().result(text);
    if (!parsed) {
      EXPECT_THAT(parsed.error().where, HasSubstr("server.cfg:"));
    }
  }
}

TEST(MutatedConfigs, CutAtAnyPlace) {
  const std::string whole = real_one();
  for (std::size_t size = 0; size < whole.size(); size += 97)
    (void)Parsed().result(whole.substr(0, size)).has_value();
}

TEST(MutatedConfigs, DeepOnesEnd) {
  std::string deep = "#!ifexp ";
  for (int i = 0; i < 100000; ++i)
    deep += "(!-";
  (void)Parsed().result(deep + "\n").has_value();
  std::string conditions;
  for (int i = 0; i < 1000; ++i)
    conditions += "#!ifdef A\n";
  EXPECT_THAT(Parsed().error(conditions), HasSubstr("server.cfg:513: more than 512 conditions"));
  EXPECT_THAT(Parsed().error(std::string(33 << 20, ' ')), HasSubstr("more than 32 MiB"));
}

} // namespace initorder::config
